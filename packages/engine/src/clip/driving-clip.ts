import { taskGroup } from '../concurrency/task-group.js';
import { DonorCutter } from '../donor/donor-library.js';
import { NoSpeechTrackError } from '../errors/no-speech-track-error.js';
import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import { assertFaceFound } from '../face/assert-face-found.js';
import type { FaceTrack } from '../face/face-track.js';
import { trackFaces } from '../face/track-faces.js';
import type { LipSyncOptions } from '../lip-sync-options.js';
import { DEFAULT_BACKGROUND, parseColour } from '../media/background.js';
import { decodeAudio } from '../media/decode-audio.js';
import { decodeVideo } from '../media/decode-video.js';
import { type CoverFit, fitCover, type Size } from '../media/fit-cover.js';
import { type RateHandling, workingRate } from '../media/frame-rate.js';
import type { Focus } from '../media/picture-filter.js';
import { type MediaProbe, probe } from '../media/probe.js';
import type { MouthMovement } from '../mouth/mouth-movement.js';
import { movementFromSound } from '../mouth/movement-from-sound.js';
import { learnSpeakingStyle } from '../mouth/speaking-style.js';
import { speechLevel } from '../mouth/speech-level.js';
import { observeMouth } from '../mouth-space/observe-mouth.js';
import type { Frame } from '../picture/frame.js';
import type { StageClock } from '../progress/stage-clock.js';
import { listenToSpeech } from '../speech/listen-to-speech.js';
import { LISTENING_RATE } from '../voice/take-speech.js';
import { placeOfFace, pointInFrame } from './choose-face.js';
import { clipKey, type KnownClip, readKnownClip, writeKnownClip } from './clip-cache.js';
import { type ClipPart, framesOfPart, openClipPart, partSeconds } from './clip-part.js';
import { findFocus } from './find-focus.js';

/**
 * At least this much of a driving video is tracked, in seconds: two to four seconds of speech hold nearly every mouth
 * shape. A random beginning wants more to choose from.
 */
const TRACKED_SECONDS = { normal: 12, random: 60 };

/** Changes when the same file gives other frames than before: what is known of it must be found out again. */
const DECODER_VERSION = 2;

/** The driving video as the pipeline sees it: frames of one size at one rate. */
export type Source = {
  readonly path: string;
  readonly media: MediaProbe;
  readonly fit: CoverFit;
  /** Size of the frames to work on, what cropping keeps in sight, and the colour behind transparent pictures. */
  readonly picture: Size & { readonly focus?: Focus; readonly background: string };
  /** What is used of the video; frames are counted from its beginning. */
  readonly part: ClipPart;
  /** Place of the chosen face in the picture, as shares of it; undefined when nobody was chosen. */
  readonly face: Focus | undefined;
  readonly fps: number;
  readonly handling: RateHandling;
};

/** What decides how the driving video is seen. */
export type SourceOptions = Pick<
  LipSyncOptions,
  'width' | 'height' | 'face' | 'background' | 'clipStart' | 'clipEnd' | 'signal'
>;

/** Looks at the driving video and decides size, place and rate of the work. */
export const openSource = async ({
  video,
  width,
  height,
  face,
  background = DEFAULT_BACKGROUND,
  signal,
  ...wish
}: SourceOptions & Pick<LipSyncOptions, 'video'>): Promise<Source> => {
  const media = await probe(video, signal);
  const part = await openClipPart(video, media, wish, signal);
  const fit = fitCover(media, width !== undefined && height !== undefined ? { width, height } : undefined);
  const place = await placeOfFace(video, media, part, face, signal);
  const focus = await findFocus(video, media, part, fit, place, signal);
  return {
    path: video,
    media,
    fit,
    picture: { ...fit.working, ...(focus && { focus }), background: parseColour(background)! },
    part,
    face: place,
    ...workingRate(media.rate),
  };
};

const decodeSource = (
  source: Source,
  count: number,
  into: () => Uint8Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<Frame> => {
  const { path, picture, fps, media, part } = source;
  return decodeVideo(path, {
    ...picture,
    fps,
    probe: media,
    ...framesOfPart(part, fps),
    count,
    into,
    signal,
  });
};

/** Number of the first frame of the part that is used. */
export const firstFrame = ({ part, fps }: Source): number => framesOfPart(part, fps).start;

/** Whether the clip is so short that all of it is tracked, however short the speech. */
export const isTrackedWhole = ({ part, media }: Source): boolean =>
  partSeconds(part, media) <= TRACKED_SECONDS.normal;

/** The face through the clip and its mouths: from the cache, or followed now. */
export const findFace = async (
  source: Source,
  outputFrames: number,
  options: Pick<LipSyncOptions, 'cacheDirectory' | 'driveMode' | 'signal' | 'onNotice'>,
  stages: StageClock,
): Promise<KnownClip> => {
  const { cacheDirectory, driveMode = 'normal', signal, onNotice } = options;
  const stretch = TRACKED_SECONDS[driveMode] * source.fps;
  const part = framesOfPart(source.part, source.fps);
  const count = Math.min(part.count, Math.ceil(Math.ceil(outputFrames / stretch) * stretch));
  if (cacheDirectory === undefined) return followFace(source, count, signal, stages);
  // However long the speech: a clip that ends before `count` frames is known whole.
  const most = Math.min(count, Math.ceil((partSeconds(source.part, source.media) + 1) * source.fps));
  const { focus, background, ...size } = source.picture;
  const behind = source.media.alpha ? { background } : {};
  const chosen = source.face && { face: `${source.face.x},${source.face.y}` };
  const decoding = {
    ...chosen,
    decoder: DECODER_VERSION,
    ...size,
    ...focus,
    ...behind,
    fps: source.fps,
    count: most,
    ...(part.start > 0 && { start: part.start }),
  };
  const key = await clipKey(source.path, decoding, signal);
  const known = await readKnownClip(cacheDirectory, key);
  if (known) return known;
  const clip = await followFace(source, count, signal, stages);
  signal?.throwIfAborted();
  await writeKnownClip(cacheDirectory, key, clip).catch((error: Error) =>
    onNotice?.(`The face track could not be kept for the next time: ${error.message}`),
  );
  return clip;
};

/** Tracks the face, cuts out its mouths in passing, and listens to what they say. */
const followFace = async (
  source: Source,
  count: number,
  signal: AbortSignal | undefined,
  stages: StageClock,
): Promise<KnownClip> => {
  const { fps } = source;
  const expected = Math.min(count, Math.max(1, partSeconds(source.part, source.media) * fps));
  const cutter = new DonorCutter(expected);
  const follow = (either: AbortSignal): Promise<FaceTrack> =>
    trackFaces((into) => decodeSource(source, count, into, either), {
      ...source.fit.working,
      fps,
      chosen: source.face && pointInFrame(source.face, source.media, source.fit, source.picture.focus),
      quality: 'fine',
      signal: either,
      onFrame: (index) => stages.advance(Math.min(1, index / expected)),
      onFace: (frame, index, face) => cutter.add(frame, index, face),
    });
  const [track, own] = await taskGroup(signal, follow, (either) =>
    hearOwnSpeech(source, expected / fps, either),
  );
  assertFaceFound(track, source.face && ' at the chosen place');
  const seen = { fps, aperture: observeMouth(track).aperture, usable: track.usable };
  const style = own && learnSpeakingStyle(own, seen);
  return { track, library: cutter.finish(track.usable), ...(style && { style }) };
};

/** What the mouth does in the driving video's own speech, as far as can be heard; undefined when there is none. */
const hearOwnSpeech = async (
  { path, media, part }: Source,
  seconds: number,
  signal: AbortSignal,
): Promise<MouthMovement | undefined> => {
  if (media.audio === undefined) return undefined;
  const start = media.startSeconds + part.start;
  const wanted = { signal, seconds: start + seconds };
  const sound = await decodeAudio(path, LISTENING_RATE, wanted).catch((error: unknown) => {
    // A broken sound track is no reason not to use the picture; being stopped is another matter.
    const broken = error instanceof NoSpeechTrackError || error instanceof UnreadableMediaError;
    if (broken && !signal.aborted) return new Float32Array(0);
    throw error;
  });
  const samples = sound.subarray(Math.round(start * LISTENING_RATE));
  if (samples.length === 0) return undefined;
  const heard = await listenToSpeech(samples, signal);
  const level = speechLevel(samples, LISTENING_RATE);
  return movementFromSound(heard, samples.length / LISTENING_RATE, level);
};
