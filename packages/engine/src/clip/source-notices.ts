import type { RateHandling } from '../media/frame-rate.js';
import { isTransparent } from '../media/transparency.js';
import type { Source } from './driving-clip.js';

const round = (fps: number): number => Number(fps.toFixed(3));

const RATE_NOTICES: Readonly<Record<RateHandling, (own: number, fps: number) => string | undefined>> = {
  kept: () => undefined,
  divided: (own, fps) =>
    `The video has ${own} pictures a second. One in ${Math.round(own / fps)} is shown: ${fps} a second.`,
  repeated: (own, fps) =>
    `The video has ${own} pictures a second. Each is shown ${Math.round(fps / own)} times: ${fps} a second.`,
  evened: (_, fps) => `The pictures of the video come at uneven times. They were put at ${fps} a second.`,
};

/** What is done to the driving video that its maker may not expect, in English. @throws FfmpegFailedError */
export const sourceNotices = async (source: Source, signal: AbortSignal | undefined): Promise<string[]> => {
  const { path, media, picture, fps, handling } = source;
  const rate = RATE_NOTICES[handling](round(media.fps), round(fps));
  const filled = (await isTransparent(path, media, signal))
    ? `The picture is transparent in places. They were filled with ${picture.background}: choose a colour with "background".`
    : undefined;
  return [rate, filled].filter((notice) => notice !== undefined);
};
