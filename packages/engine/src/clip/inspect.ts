import { FaceNotFoundError } from '../errors/face-not-found-error.js';
import { StillPictureError } from '../errors/still-picture-error.js';
import { TooLongError } from '../errors/too-long-error.js';
import { assertFaceFound } from '../face/assert-face-found.js';
import type { FaceTrack } from '../face/face-track.js';
import type { FaceBox } from '../face/list-faces.js';
import { trackFaces } from '../face/track-faces.js';
import type { LipSyncOptions } from '../lip-sync-options.js';
import { decodeAudio } from '../media/decode-audio.js';
import { decodeVideo } from '../media/decode-video.js';
import { fitWithin } from '../media/fit-cover.js';
import { StageClock } from '../progress/stage-clock.js';
import { lookForFaces } from './choose-face.js';
import { findFace, openSource, type Source, type SourceOptions } from './driving-clip.js';
import { type FaceSize, faceSizeIn } from './face-size.js';

type InspectOptions = { readonly maxSeconds: number; readonly signal?: AbortSignal | undefined };

type InspectVideoOptions = InspectOptions &
  SourceOptions &
  Pick<LipSyncOptions, 'cacheDirectory'> & {
    /** Told what will be worked on, before most of the work. */
    readonly onPicture?: (picture: Picture) => void;
  };

/** Length in seconds and size in pixels, as shown. */
type Picture = { readonly seconds: number; readonly width: number; readonly height: number };

/** What was found out about a video, in pixels of the video. */
type InspectedVideo = Picture & {
  /** Usual size of the face that is followed. */
  readonly face: FaceSize;
  /** The faces in its beginning, from left to right: what `face: 1`, `face: 2` ... of `lipSync` mean. */
  readonly faces: readonly FaceBox[];
};

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
  { maxSeconds, onPicture, ...options }: InspectVideoOptions,
): Promise<InspectedVideo> => {
  const source = await openSource({ video, ...options });
  const { kind, durationSeconds: seconds, width, height } = source.media;
  if (kind !== 'video') throw new StillPictureError(video);
  if (seconds > maxSeconds) throw new TooLongError('video', seconds, maxSeconds);
  onPicture?.({ seconds, width, height });
  const face = faceSizeIn(await usableTrack(source, options), source.media);
  return {
    seconds,
    width,
    height,
    face,
    faces: await lookForFaces(video, source.media, source.part, options.signal),
  };
};

const usableTrack = async (
  source: Source,
  options: Pick<LipSyncOptions, 'cacheDirectory' | 'signal'>,
): Promise<FaceTrack> => {
  try {
    return (await findFace(source, 1, options, new StageClock({}))).track;
  } catch (error) {
    if (!(error instanceof FaceNotFoundError)) throw error;
    return searchWholePicture(source, options.signal);
  }
};

/**
 * Looks beside what the size crops away, and beyond the beginning. At the rate of the work: the file's own may mean
 * millions of pictures. @throws FaceNotFoundError
 */
const searchWholePicture = async (
  { path, media, fps }: Source,
  signal: AbortSignal | undefined,
): Promise<FaceTrack> => {
  const size = { ...fitWithin(media, LARGEST_SIDE), fps };
  const count = Math.ceil(SEARCHED_SECONDS * fps);
  const frames = decodeVideo(path, { ...size, probe: media, count, signal });
  const track = await trackFaces(() => frames, { ...size, quality: 'fast', ...(signal && { signal }) });
  assertFaceFound(track);
  return track;
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
