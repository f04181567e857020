import { type LipSyncTimeline, timelineOf } from './lip-sync-timeline.js';
import type { RateHandling } from './media/frame-rate.js';
import type { DrivenBy } from './mouth/mouth-of-speech.js';
import type { LipSyncJob } from './prepare-lip-sync.js';
import type { Stage } from './progress/stage-clock.js';
import type { RenderPlan } from './render/render-plan.js';
import type { Voice } from './voice/voice-provider.js';

/** What was made, and how it went. Times in seconds. */
export type LipSyncReport = {
  readonly output: string;
  readonly cover?: string;
  readonly subtitles?: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /**
   * Rate of the driving video, and what was done to come from it to `fps`: `kept`; `divided` (every n-th picture is shown);
   * `repeated` (each picture is shown n times); `evened` (its pictures come at uneven times, and were put on an even grid).
   */
  readonly sourceRate: { readonly fps: number; readonly handling: RateHandling };
  readonly frames: number;
  readonly durationSeconds: number;
  /** The voice that read the text; absent for a recording. */
  readonly voice?: Voice;
  /**
   * Where the mouth movement came from: phones that the voice told, phones of the known words found in the sound, or the
   * sound alone.
   */
  readonly drivenBy: DrivenBy;
  /**
   * Present when the person's way of moving the mouth was learned from the clip's own speech: correlation of the opening
   * with the seen one on parts of the clip that were not learned from, as learned and by default.
   */
  readonly personSpeech?: { readonly person: number; readonly default: number };
  /** Frames that were passed through untouched because no usable face was on them, and when they are shown. */
  readonly framesWithoutFace: number;
  readonly spansWithoutFace: readonly { readonly start: number; readonly end: number }[];
  readonly sync: {
    /** Frames whose lips are commanded closed, and frames drawn from the person's own pictures or painted. */
    readonly closedFrames: number;
    readonly donorFrames: number;
    readonly paintedFrames: number;
    /** Largest commanded aperture, in distances of the outer eye corners. */
    readonly widestAperture: number;
  };
  /** What is said and what the mouth does, in time. */
  readonly timeline: LipSyncTimeline;
  /** Seconds of each stage. The face of a short clip is looked for while the speech is made: that counts as speech. */
  readonly timings: Readonly<Record<Stage, number>>;
};

/** What can be told before the video is made: all but the names of files, and how long it took. */
export type ForeseenReport = Omit<LipSyncReport, 'output' | 'cover' | 'subtitles' | 'timings'>;

export const foreseenReport = ({
  source,
  speech,
  drivenBy,
  style,
  plan,
  track,
  phones,
  sentences,
}: LipSyncJob): ForeseenReport => ({
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
});

/** Stretches of output frames on which nothing was drawn, in seconds. */
const spansWithoutFace = (plan: RenderPlan, fps: number): { start: number; end: number }[] => {
  const spans: { start: number; end: number }[] = [];
  for (let t = 0; t < plan.frameCount; t++) {
    if (plan.strength[t] > 0) continue;
    const last = spans.at(-1);
    if (last && Math.abs(last.end - t / fps) < 1e-6) last.end = (t + 1) / fps;
    else spans.push({ start: t / fps, end: (t + 1) / fps });
  }
  return spans;
};

/** Counts what the plan does with the frames. */
const syncFigures = (plan: RenderPlan): LipSyncReport['sync'] => {
  let closedFrames = 0;
  let donorFrames = 0;
  let paintedFrames = 0;
  let widestAperture = 0;
  for (let t = 0; t < plan.frameCount; t++) {
    if (plan.strength[t] <= 0) continue;
    if (plan.aperture[t] === 0) closedFrames++;
    if (plan.donor[t] >= 0) donorFrames++;
    else paintedFrames++;
    widestAperture = Math.max(widestAperture, plan.aperture[t]);
  }
  return { closedFrames, donorFrames, paintedFrames, widestAperture };
};
