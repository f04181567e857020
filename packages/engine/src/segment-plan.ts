import { join } from 'node:path';
import { readValueFile, writeValueFile } from './cache/value-file.js';
import type { Drawing } from './draw-span.js';
import { BrokenPlanError } from './errors/broken-plan-error.js';
import type { PrepareOptions } from './lip-sync-options.js';
import { type ForeseenReport, foreseenReport } from './lip-sync-report.js';
import { encoderThreads, type PictureOptions } from './media/encode-video.js';
import { findSeekPoints } from './media/seek-points.js';
import type { FrameSpan } from './media/segment-spans.js';
import { type Sound, type SoundOrigin, soundOfFile, soundOfSamples } from './media/sound.js';
import type { LipSyncJob } from './prepare-lip-sync.js';
import type { SpokenSentence } from './voice/voice-provider.js';

/** What a process needs to make a segment: everything but the driving video. */
export type SegmentPlan = Drawing & {
  readonly segments: readonly FrameSpan[];
  readonly encoding: Pick<Required<PictureOptions>, 'quality' | 'threads'>;
};

/** What a process needs to join the segments. */
export type EndPlan = {
  readonly segments: readonly FrameSpan[];
  readonly sound: SoundOrigin;
  /** Percent of the sound's own loudness. */
  readonly volume: number;
  readonly sentences: readonly SpokenSentence[];
  readonly report: ForeseenReport;
};

/** Names and versions of what is in the files: processes of another version must not go on with them. */
const SEGMENT_MARK = 'CJSEGMENT02';
const END_MARK = 'CJEND01';

const SEGMENT_FILE = 'segment.plan';
const END_FILE = 'end.plan';

/** Writes down what was decided, for other processes. @throws OutputNotWritableError, DiskFullError */
export const writePlan = async (
  directory: string,
  job: LipSyncJob,
  { quality = 'fast', volume = 100, signal }: PrepareOptions,
): Promise<void> => {
  const { source, track, library, plan, playback, segments, speech, sentences = [] } = job;
  const seekPoints = await findSeekPoints(source.path, source.media, signal);
  const segment: SegmentPlan = {
    ...{ source, track, library, plan, playback, segments },
    ...(seekPoints && { seekPoints }),
    encoding: { quality, threads: encoderThreads() },
  };
  const end: EndPlan = {
    ...{ segments, volume, sentences },
    sound: speech.sound.origin,
    report: foreseenReport(job),
  };
  await writeValueFile(join(directory, SEGMENT_FILE), SEGMENT_MARK, segment);
  await writeValueFile(join(directory, END_FILE), END_MARK, end);
};

/** @param video where this process has the driving video @throws BrokenPlanError */
export const readSegmentPlan = async (path: string, video: string): Promise<SegmentPlan> => {
  const plan = await readValueFile<SegmentPlan>(path, SEGMENT_MARK);
  if (!plan) throw new BrokenPlanError(path);
  return { ...plan, source: { ...plan.source, path: video } };
};

/** @throws BrokenPlanError */
export const readEndPlan = async (path: string): Promise<EndPlan> => {
  const plan = await readValueFile<EndPlan>(path, END_MARK);
  if (!plan) throw new BrokenPlanError(path);
  return plan;
};

/** @param recording where this process has the recording, if the sound is one */
export const openSound = (origin: SoundOrigin, recording: string | undefined): Sound => {
  if ('samples' in origin) return soundOfSamples(origin.samples, origin.sampleRate);
  if (recording === undefined) throw new Error('the sound is that of a recording, but none was given');
  return soundOfFile(recording, origin.audio, origin.turnRight);
};
