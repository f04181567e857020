import { clipKey, type KnownClip, readKnownClip, writeKnownClip } from './cache/clip-cache.js';
import { DonorCutter, type DonorLibrary } from './donor/donor-library.js';
import { assertFaceFound } from './face/assert-face-found.js';
import type { FaceTrack } from './face/face-track.js';
import { trackFaces } from './face/track-faces.js';
import { aigcMetadata, createAigcLabel } from './label/aigc.js';
import { checkLipSyncOptions, type LipSyncOptions, type Stage } from './lip-sync-options.js';
import { type LipSyncReport, spansWithoutFace, syncFigures } from './lip-sync-report.js';
import { writeCover } from './media/cover.js';
import { decodeVideo } from './media/decode-video.js';
import { encodeVideo } from './media/encode-video.js';
import { type CoverFit, fitCover } from './media/fit-cover.js';
import type { Frame } from './media/frame.js';
import { type MediaProbe, probe } from './media/probe.js';
import type { MouthTrack } from './mouth/mouth-track.js';
import { observeMouth } from './mouth-space/observe-mouth.js';
import { planPlayback } from './playback/playback-plan.js';
import { readPlayback } from './playback/read-playback.js';
import { planRender } from './render/plan-render.js';
import type { RenderPlan } from './render/render-plan.js';
import { renderVideo } from './render/render-video.js';
import { StageClock } from './stage-clock.js';
import { mouthOfSpeech, type Speech, takeSpeech } from './take-speech.js';

/** Rate of the video when the source's own is not constant or not from 24 to 60 frames per second. */
const USUAL_FPS = 25;
/**
 * At least this much of a driving video is tracked, in seconds: two to four seconds of speech hold nearly every mouth
 * shape. A random beginning wants more to choose from.
 */
const TRACKED_SECONDS = { normal: 12, random: 60 };
/** Second of the video that the cover shows: by then most people have opened their mouth. */
const COVER_SECOND = 0.5;

/** The driving video as the pipeline sees it: frames of one size at one rate. */
type Source = {
  readonly path: string;
  readonly media: MediaProbe;
  readonly fit: CoverFit;
  readonly fps: number;
};

/**
 * Makes the person in a video or picture say something: the one function of this package that does everything.
 *
 * @throws an EngineError that says what was wrong, what was expected and what to do; the signal's reason when aborted.
 *   In both cases nothing is left behind.
 */
export const lipSync = async (options: LipSyncOptions): Promise<LipSyncReport> => {
  checkLipSyncOptions(options);
  const stages = new StageClock(options);
  const job = await prepareLipSync(options, stages);
  await renderToFile(job, options, stages);
  return reportOf(job, options, stages.end());
};

/** Everything that is decided before the first frame is drawn. */
export type LipSyncJob = {
  readonly source: Source;
  readonly speech: Speech;
  readonly mouth: MouthTrack;
  readonly track: FaceTrack;
  readonly library: DonorLibrary;
  readonly playback: Int32Array;
  readonly plan: RenderPlan;
};

/** Speech to mouth movement, video to face track, both to a plan. */
export const prepareLipSync = async (
  options: LipSyncOptions,
  stages: StageClock = new StageClock(options),
): Promise<LipSyncJob> => {
  stages.enter('speech');
  const source = await openSource(options);
  const speech = await takeSpeech(options);
  const mouth = await mouthOfSpeech(speech, source.fps, options.signal);

  stages.enter('face');
  const { track, library } = await findFace(source, mouth.frameCount, options, stages);

  stages.enter('plan');
  const playback = planPlayback({
    sourceFrames: track.frameCount,
    outputFrames: mouth.frameCount,
    backway: options.backway ?? 1,
    startFrame: startFrame(options, track.frameCount, mouth.frameCount),
  });
  const plan = planRender({ track, seen: observeMouth(track), mouth, playback, library });
  return { source, speech, mouth, track, library, playback, plan };
};

const reportOf = (
  { source, speech, plan }: LipSyncJob,
  options: LipSyncOptions,
  timings: Record<Stage, number>,
): LipSyncReport => {
  return {
    output: options.output,
    ...(options.cover === undefined ? {} : { cover: options.cover }),
    ...source.fit.output,
    fps: source.fps,
    frames: plan.frameCount,
    durationSeconds: plan.frameCount / source.fps,
    ...(speech.voice === undefined ? {} : { voice: speech.voice }),
    drivenBy: speech.phones === undefined ? 'sound' : 'phones',
    framesWithoutFace: plan.strength.filter((strength) => strength <= 0).length,
    spansWithoutFace: spansWithoutFace(plan, source.fps),
    sync: syncFigures(plan),
    timings,
  };
};

/** Looks at the driving video and decides size and rate of the work. */
const openSource = async ({ video, width, height, signal }: LipSyncOptions): Promise<Source> => {
  const media = await probe(video, signal);
  const fit = fitCover(media, width !== undefined && height !== undefined ? { width, height } : undefined);
  const keepsRate = media.kind === 'video' && media.constantRate && media.fps >= 24 && media.fps <= 60;
  return { path: video, media, fit, fps: keepsRate ? media.fps : USUAL_FPS };
};

const decodeSource = (
  source: Source,
  count: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Frame> =>
  decodeVideo(source.path, { ...source.fit.working, fps: source.fps, probe: source.media, count, signal });

/** The face through the clip and its mouths: from the cache, or followed now. */
const findFace = async (
  source: Source,
  outputFrames: number,
  options: LipSyncOptions,
  stages: StageClock,
): Promise<KnownClip> => {
  const { cacheDirectory, driveMode = 'normal', signal } = options;
  const stretch = TRACKED_SECONDS[driveMode] * source.fps;
  const count = Math.ceil(Math.ceil(outputFrames / stretch) * stretch);
  if (cacheDirectory === undefined) return followFace(source, count, signal, stages);
  // However long the speech: a clip that ends before `count` frames is known whole.
  const most = Math.min(count, Math.ceil((source.media.durationSeconds + 1) * source.fps));
  const decoding = { ...source.fit.working, fps: source.fps, count: most };
  const key = await clipKey(source.path, decoding, signal);
  const known = await readKnownClip(cacheDirectory, key);
  if (known) return known;
  const clip = await followFace(source, count, signal, stages);
  await writeKnownClip(cacheDirectory, key, clip);
  return clip;
};

/** Tracks the face and cuts out its mouths in passing. */
const followFace = async (
  source: Source,
  count: number,
  signal: AbortSignal | undefined,
  stages: StageClock,
): Promise<KnownClip> => {
  const { fps } = source;
  const expected = Math.min(count, Math.max(1, source.media.durationSeconds * fps));
  const cutter = new DonorCutter(expected);
  const track = await trackFaces(decodeSource(source, count, signal), {
    ...source.fit.working,
    fps,
    quality: 'fine',
    ...(signal ? { signal } : {}),
    onFrame: (index) => stages.advance(Math.min(1, index / expected)),
    onFace: (frame, index, landmarks) => cutter.add(frame, index, landmarks),
  });
  assertFaceFound(track);
  return { track, library: cutter.finish(track.usable) };
};

const startFrame = ({ driveMode }: LipSyncOptions, sourceFrames: number, outputFrames: number): number => {
  if (driveMode !== 'random') return 0;
  // Where the video is long enough, begin early enough not to run into its end.
  const choices = sourceFrames > outputFrames ? sourceFrames - outputFrames + 1 : sourceFrames;
  return Math.floor(Math.random() * choices);
};

/** Renders and encodes every frame, then gives video and cover their names. */
export const renderToFile = async (
  job: LipSyncJob,
  options: LipSyncOptions,
  stages: StageClock = new StageClock(options),
): Promise<void> => {
  const { source, speech, plan } = job;
  const { signal } = options;
  const { working, output } = source.fit;
  const coverFrame = Math.min(plan.frameCount - 1, Math.round(COVER_SECOND * source.fps));
  let cover: Frame | undefined;
  stages.enter('render');
  const encoder = await encodeVideo(options.output, {
    working,
    output,
    fps: source.fps,
    frameCount: plan.frameCount,
    audio: { samples: speech.samples, sampleRate: speech.sampleRate, volume: options.volume ?? 100 },
    quality: options.quality ?? 'fast',
    metadata: aigcMetadata(createAigcLabel()),
    signal,
  });
  try {
    await renderVideo({
      ...job,
      read: (into) =>
        readPlayback(source.path, job.playback, {
          ...working,
          fps: source.fps,
          probe: source.media,
          into,
          signal,
        }),
      write: async (frame, index) => {
        if (index === coverFrame && options.cover) cover = { ...frame, data: frame.data.slice() };
        await encoder.write(frame);
        stages.advance((index + 1) / plan.frameCount);
      },
    });
    stages.enter('finish');
    await encoder.finish();
    if (cover && options.cover) await writeCover(options.cover, cover, output, signal);
  } catch (error) {
    await encoder.abort();
    throw error;
  }
};
