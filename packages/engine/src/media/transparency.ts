import { runFfmpeg } from './ffmpeg-process.js';
import { safeInput } from './input-safety.js';
import type { MediaProbe } from './probe.js';

/** Size at which the first picture is looked at: small, but no transparent corner is lost in the mean. */
const SIDE = 64;
const OPAQUE = 250;

/** Whether the first picture is transparent anywhere. Formats that can be often are not. @throws FfmpegFailedError */
export const isTransparent = async (
  path: string,
  media: MediaProbe,
  signal: AbortSignal | undefined,
): Promise<boolean> => {
  if (!media.alpha) return false;
  const input = await safeInput(path);
  const filter = `scale,format=gbrap,alphaextract,scale=${SIDE}:${SIDE}:flags=area,format=gray`;
  const alpha = await runFfmpeg(
    [
      ...[...input.options, ...(media.decoder ? ['-c:v', media.decoder] : []), '-i', input.url],
      ...['-map', `0:${media.index}`, '-vf', filter, '-frames:v', '1', '-f', 'rawvideo', 'pipe:1'],
    ],
    signal,
  );
  return alpha.some((value) => value < OPAQUE);
};
