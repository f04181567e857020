import { FaceNotFoundError } from '../errors/face-not-found-error.js';
import { StillPictureError } from '../errors/still-picture-error.js';
import { TooLongError } from '../errors/too-long-error.js';
import { assertFaceFound } from '../face/assert-face-found.js';
import { trackFaces } from '../face/track-faces.js';
import type { LipSyncOptions } from '../lip-sync-options.js';
import { decodeAudio } from '../media/decode-audio.js';
import { decodeVideo } from '../media/decode-video.js';
import { fitWithin } from '../media/fit-cover.js';
import type { MediaProbe } from '../media/probe.js';
import { StageClock } from '../progress/stage-clock.js';
import { findFace, openSource } from './driving-clip.js';

type InspectOptions = { readonly maxSeconds: number; readonly signal?: AbortSignal | undefined };

/** Seconds that are searched for a face where the beginning shows none. */
const SEARCHED_SECONDS = 30;
/** Renders look at no larger pictures. Much smaller ones would not do: on them, things are taken for faces. */
const LARGEST_SIDE = 1920;

/**
 * Whether a video could be driven. The face in its beginning is followed meanwhile, so that `lipSync` of the same size and
 * cache need not, unless the clip is long and the speech or a random beginning want more of it.
 *
 * @throws EngineError that says why not: no video, a still picture, too long, no usable face in its first 30 seconds
 */
export const inspectVideo = async (
  video: string,
  {
    maxSeconds,
    ...options
  }: InspectOptions & Pick<LipSyncOptions, 'width' | 'height' | 'cacheDirectory' | 'signal'>,
): Promise<{ seconds: number }> => {
  const source = await openSource({ video, ...options });
  const { kind, durationSeconds: seconds } = source.media;
  if (kind !== 'video') throw new StillPictureError(video);
  if (seconds > maxSeconds) throw new TooLongError('video', seconds, maxSeconds);
  try {
    await findFace(source, 1, options, new StageClock({}));
  } catch (error) {
    if (!(error instanceof FaceNotFoundError)) throw error;
    await searchWholePicture(video, source.media, options.signal);
  }
  return { seconds };
};

/** Looks beside what the size crops away, and beyond the beginning. @throws FaceNotFoundError */
const searchWholePicture = async (
  video: string,
  media: MediaProbe,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const size = { ...fitWithin(media, LARGEST_SIDE), fps: media.fps };
  const count = Math.ceil(SEARCHED_SECONDS * media.fps);
  const frames = decodeVideo(video, { ...size, probe: media, count, signal });
  assertFaceFound(await trackFaces(frames, { ...size, quality: 'fast', ...(signal && { signal }) }));
};

/**
 * Whether a recording could be spoken.
 *
 * @throws EngineError that says why not: no sound, too long
 */
export const inspectAudio = async (
  path: string,
  { maxSeconds, signal }: InspectOptions,
): Promise<{ seconds: number }> => {
  const rate = 8000;
  const samples = await decodeAudio(path, rate, { signal, seconds: maxSeconds + 1 });
  const seconds = samples.length / rate;
  // No more was decoded than shows that it is too long.
  if (seconds > maxSeconds) throw new TooLongError('audio', undefined, maxSeconds);
  return { seconds };
};
