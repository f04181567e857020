import type { KnownClip } from './clip/clip-cache.js';
import { findFace, isTrackedWhole, openSource, type Source } from './clip/driving-clip.js';
import { sourceNotices } from './clip/source-notices.js';
import { taskGroup } from './concurrency/task-group.js';
import type { PrepareOptions } from './lip-sync-options.js';
import { requireFfmpeg } from './media/ffmpeg-process.js';
import { type FrameSpan, segmentSpans } from './media/segment-spans.js';
import { poolFrames, speechFrameCount } from './mouth/frame-pooling.js';
import { type MouthOfSpeech, mouthOfSpeech } from './mouth/mouth-of-speech.js';
import type { MouthTrack } from './mouth/mouth-track.js';
import { inSpeakingStyle } from './mouth/speaking-style.js';
import { planPlayback } from './playback/playback-plan.js';
import { StageClock } from './progress/stage-clock.js';
import { learnMouths } from './render/learn-mouths.js';
import { planRender } from './render/plan-render.js';
import type { RenderPlan } from './render/render-plan.js';
import { type Speech, takeSpeech } from './voice/take-speech.js';

/** Everything that is decided before the first frame is drawn. */
export type LipSyncJob = KnownClip &
  MouthOfSpeech & {
    readonly source: Source;
    readonly speech: Speech;
    readonly mouth: MouthTrack;
    readonly playback: Int32Array;
    readonly plan: RenderPlan;
    /** In which the video is encoded; one when it is short. */
    readonly segments: readonly FrameSpan[];
  };

/** Speech to mouth movement, video to face track, both to a plan. */
export const prepareLipSync = async (
  options: PrepareOptions,
  stages: StageClock = new StageClock(options),
): Promise<LipSyncJob> => {
  stages.enter('speech');
  // Looked at beside the video; what is wrong with it is thrown where it is used.
  void requireFfmpeg().catch(() => {});
  const source = await openSource(options);
  for (const notice of await sourceNotices(source, options.signal)) options.onNotice?.(notice);
  let endWait = (): void => {};
  const listening = new Promise<void>((resolve) => {
    endWait = resolve;
  });
  const speak = async (signal: AbortSignal) => {
    try {
      const speech = await takeSpeech({ ...options, signal });
      const hearing = mouthOfSpeech(speech, { ...options, signal });
      endWait();
      const said = await hearing;
      stages.enter('face');
      return { speech, said, frameCount: speechFrameCount(said.movement.durationSeconds, source.fps) };
    } finally {
      endWait();
    }
  };
  const find = (frames: number) => async (signal: AbortSignal | undefined) => {
    const clip = await findFace(source, frames, { ...options, signal }, stages);
    // Not before another thread has the speech: it would wait for this one.
    await listening;
    return { clip, learnt: learnMouths(clip.track, clip.library) };
  };
  // A short clip is tracked whole, whatever is said: no need to wait for that.
  const early = isTrackedWhole(source) ? find(1) : async () => undefined;
  const [{ speech, said, frameCount }, found] = await taskGroup(options.signal, speak, early);
  const { clip, learnt } = found ?? (await find(frameCount)(options.signal));
  const { track, library, style } = clip;

  stages.enter('plan');
  const mouth = poolFrames(style ? inSpeakingStyle(said.movement, style) : said.movement, source.fps);
  const playback = planPlayback({
    sourceFrames: track.frameCount,
    outputFrames: frameCount,
    backway: options.backway ?? 1,
    startFrame: startFrame(options, track.frameCount, frameCount),
  });
  const plan = planRender({ track, learnt, mouth, playback, library });
  const segments = segmentSpans(frameCount, source.fps);
  return { ...clip, ...said, source, speech, mouth, playback, plan, segments };
};

const startFrame = ({ driveMode }: PrepareOptions, sourceFrames: number, outputFrames: number): number => {
  if (driveMode !== 'random') return 0;
  // Where the video is long enough, begin early enough not to run into its end.
  const choices = sourceFrames > outputFrames ? sourceFrames - outputFrames + 1 : sourceFrames;
  return Math.floor(Math.random() * choices);
};
