import type { KnownClip } from './clip/clip-cache.js';
import { findFace, firstFrame, isTrackedWhole, openSource, type Source } from './clip/driving-clip.js';
import { sourceNotices } from './clip/source-notices.js';
import { taskGroup } from './concurrency/task-group.js';
import { aigcMetadata, createAigcLabel } from './label/aigc.js';
import { checkLipSyncOptions, type LipSyncOptions } from './lip-sync-options.js';
import { type LipSyncReport, spansWithoutFace, syncFigures } from './lip-sync-report.js';
import { timelineOf } from './lip-sync-timeline.js';
import { writeCover } from './media/cover.js';
import { encodeVideo, type VideoEncoder } from './media/encode-video.js';
import { createOutputFile, type OutputFile } from './media/output-file.js';
import { poolFrames, speechFrameCount } from './mouth/frame-pooling.js';
import { type MouthOfSpeech, mouthOfSpeech } from './mouth/mouth-of-speech.js';
import type { MouthTrack } from './mouth/mouth-track.js';
import { inSpeakingStyle } from './mouth/speaking-style.js';
import { observeMouth } from './mouth-space/observe-mouth.js';
import type { Frame } from './picture/frame.js';
import { planPlayback } from './playback/playback-plan.js';
import { readPlayback } from './playback/read-playback.js';
import { type Stage, StageClock } from './progress/stage-clock.js';
import { planRender } from './render/plan-render.js';
import type { RenderPlan } from './render/render-plan.js';
import { renderVideo } from './render/render-video.js';
import { writeSubRip } from './subtitles/sub-rip.js';
import { type Speech, takeSpeech } from './voice/take-speech.js';

/** Second of the video that the cover shows: by then most people have opened their mouth. */
const COVER_SECOND = 0.5;

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
export type LipSyncJob = KnownClip &
  MouthOfSpeech & {
    readonly source: Source;
    readonly speech: Speech;
    readonly mouth: MouthTrack;
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
  for (const notice of await sourceNotices(source, options.signal)) options.onNotice?.(notice);
  const speak = async (signal: AbortSignal) => {
    const speech = await takeSpeech({ ...options, signal });
    const said = await mouthOfSpeech(speech, { ...options, signal });
    stages.enter('face');
    return { speech, said, frameCount: speechFrameCount(said.movement.durationSeconds, source.fps) };
  };
  const find = (frames: number) => (signal: AbortSignal | undefined) =>
    findFace(source, frames, { ...options, signal }, stages);
  // A short clip is tracked whole, whatever is said: no need to wait for that.
  const early = isTrackedWhole(source) ? find(1) : async () => undefined;
  const [{ speech, said, frameCount }, found] = await taskGroup(options.signal, speak, early);
  const clip = found ?? (await find(frameCount)(options.signal));
  const { track, library, style } = clip;

  stages.enter('plan');
  const mouth = poolFrames(style ? inSpeakingStyle(said.movement, style) : said.movement, source.fps);
  const playback = planPlayback({
    sourceFrames: track.frameCount,
    outputFrames: frameCount,
    backway: options.backway ?? 1,
    startFrame: startFrame(options, track.frameCount, frameCount),
  });
  const plan = planRender({ track, seen: observeMouth(track), mouth, playback, library });
  return { ...clip, ...said, source, speech, mouth, playback, plan };
};

const reportOf = (
  { source, speech, drivenBy, style, plan, track, phones, sentences }: LipSyncJob,
  { output, cover, subtitles }: LipSyncOptions,
  timings: Record<Stage, number>,
): LipSyncReport => ({
  output,
  ...(cover === undefined ? {} : { cover }),
  ...(subtitles === undefined ? {} : { subtitles }),
  ...source.fit.output,
  fps: source.fps,
  sourceRate: { fps: source.media.fps, handling: source.handling },
  frames: plan.frameCount,
  durationSeconds: plan.frameCount / source.fps,
  ...('voice' in speech && speech.voice ? { voice: speech.voice } : {}),
  drivenBy,
  ...(style && { personSpeech: style.agreement }),
  framesWithoutFace: plan.strength.filter((strength) => strength <= 0).length,
  spansWithoutFace: spansWithoutFace(plan, source.fps),
  sync: syncFigures(plan),
  timeline: timelineOf({ source, speech, plan, track, phones, sentences }),
  timings,
});

const startFrame = ({ driveMode }: LipSyncOptions, sourceFrames: number, outputFrames: number): number => {
  if (driveMode !== 'random') return 0;
  // Where the video is long enough, begin early enough not to run into its end.
  const choices = sourceFrames > outputFrames ? sourceFrames - outputFrames + 1 : sourceFrames;
  return Math.floor(Math.random() * choices);
};

/** Renders and encodes every frame, then gives video, cover and subtitles their names; a failure leaves nothing. */
export const renderToFile = async (
  job: LipSyncJob,
  options: LipSyncOptions,
  stages: StageClock = new StageClock(options),
): Promise<void> => {
  const { source, speech, plan } = job;
  const { signal } = options;
  const { working, output } = source.fit;
  const coverFrame = Math.min(plan.frameCount - 1, Math.round(COVER_SECOND * source.fps));
  let shown: Frame | undefined;
  let encoder: VideoEncoder | undefined;
  const besides: OutputFile[] = [];
  const beside = async (path: string | undefined): Promise<OutputFile | undefined> => {
    if (path === undefined) return undefined;
    const file = await createOutputFile(path);
    besides.push(file);
    return file;
  };
  stages.enter('render');
  try {
    const cover = await beside(options.cover);
    const subtitles = await beside(options.subtitles);
    encoder = await encodeVideo(options.output, {
      working,
      output,
      fps: source.fps,
      frameCount: plan.frameCount,
      audio: { sound: speech.sound, volume: options.volume ?? 100 },
      quality: options.quality ?? 'fast',
      metadata: aigcMetadata(createAigcLabel()),
      signal,
    });
    const { write } = encoder;
    const order = job.playback.map((frame) => firstFrame(source) + frame);
    const decoding = { ...source.picture, fps: source.fps, probe: source.media, signal };
    await renderVideo({
      ...job,
      read: (into) => readPlayback(source.path, order, { ...decoding, into }),
      write: async (frame, index) => {
        if (index === coverFrame && cover) shown = { ...frame, data: frame.data.slice() };
        await write(frame);
        stages.advance((index + 1) / plan.frameCount);
      },
    });
    stages.enter('finish');
    if (cover && shown) await writeCover(cover, shown, output, signal);
    if (subtitles) await writeSubRip(subtitles, job.sentences ?? []);
    await encoder.finish();
    // Whatever could fail has been done: only names are left to be given.
    for (const file of besides) await file.commit();
  } catch (error) {
    await encoder?.abort();
    for (const file of besides) await file.discard();
    throw error;
  }
};
