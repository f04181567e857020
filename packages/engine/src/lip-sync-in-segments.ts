import { drawSpan } from './draw-span.js';
import { ParameterError } from './errors/parameter-error.js';
import { aigcMetadata, createAigcLabel } from './label/aigc.js';
import { checkPrepareOptions, type PrepareOptions } from './lip-sync-options.js';
import type { ForeseenReport } from './lip-sync-report.js';
import { writeCover } from './media/cover.js';
import { encodeSegments } from './media/encode-in-segments.js';
import { joinSegments } from './media/join-segments.js';
import { createOutputFile, writeTogether } from './media/output-file.js';
import type { Frame } from './picture/frame.js';
import { prepareLipSync } from './prepare-lip-sync.js';
import { type Stage, StageClock } from './progress/stage-clock.js';
import { openSound, readEndPlan, readSegmentPlan, writePlan } from './segment-plan.js';
import { writeSubRip } from './subtitles/sub-rip.js';

/*
 * `lipSync` in pieces that different processes, on different machines, can do: prepare, then every segment in any order
 * or at the same time, then finish. The video has the same pictures and the same sound, bit by bit.
 */

/** What there is to do once a video is prepared. */
export type PreparedVideo = {
  readonly segments: number;
  readonly frames: number;
  readonly fps: number;
  /** Seconds of each stage; nothing is rendered yet. */
  readonly timings: Readonly<Record<Stage, number>>;
};

/**
 * Decides everything about a video before its first frame is drawn, and writes it to files in a directory, which must
 * exist: `segment.plan` for renderSegments and `end.plan` for finishLipSync. A short video has one segment.
 *
 * @throws an EngineError, as lipSync does; the signal's reason when aborted
 */
export const planLipSync = async (directory: string, options: PrepareOptions): Promise<PreparedVideo> => {
  checkPrepareOptions(options);
  const stages = new StageClock(options);
  const job = await prepareLipSync(options, stages);
  await writePlan(directory, job, options);
  return {
    segments: job.segments.length,
    frames: job.plan.frameCount,
    fps: job.source.fps,
    timings: stages.end(),
  };
};

/** Runs for each process: with several, one that is slow or begins later does less of the work. */
const RUNS_EACH = 2;

/**
 * Shares segments between processes: runs of consecutive ones, `from` one and up to before `end`, all about as long. Each
 * process makes a run, then takes the next; more and shorter runs than there are would cost more to begin.
 */
export const shareSegments = (segments: number, processes: number): { from: number; end: number }[] => {
  const runs = processes === 1 ? 1 : Math.min(segments, RUNS_EACH * processes);
  const edge = (k: number): number => Math.round((k * segments) / runs);
  return Array.from({ length: runs }, (_, k) => ({ from: edge(k), end: edge(k + 1) }));
};

export type SegmentsOptions = {
  /** Path of the `segment.plan` of planLipSync. */
  readonly plan: string;
  /** Where this process has the driving video. */
  readonly video: string;
  /** Number of the first segment to make, from 0 on. */
  readonly from: number;
  /** Paths of the mp4s without sound to make, of this segment and the following ones. Each appears when it is complete. */
  readonly outputs: readonly string[];
  /** Path of the jpg to make of a frame of the first segment of all; it is there when that segment is complete. */
  readonly cover?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told which share of these segments is drawn, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Told when a segment is complete. */
  readonly onSegment?: ((segment: number) => void) | undefined;
};

/**
 * Draws and encodes consecutive segments: to begin costs as much as a second of video, and to go on nothing.
 *
 * @throws BrokenPlanError, ParameterError for segments that there are not, and as lipSync does
 */
export const renderSegments = async (options: SegmentsOptions): Promise<void> => {
  const { video, from, outputs, signal, onProgress = () => {}, onSegment } = options;
  const plan = await readSegmentPlan(options.plan, video);
  const { fit, fps } = plan.source;
  const spans = plan.segments.slice(from, from + outputs.length);
  if (spans.length === 0 || spans.length < outputs.length)
    throw new ParameterError('from', from, `Segments from 0 to ${plan.segments.length - 1}`);
  const picture = { working: fit.working, output: fit.output, fps, ...plan.encoding, signal };
  const files = {
    fileOf: (k: number) => createOutputFile(outputs[k]),
    onSegment: (k: number) => onSegment?.(from + k),
  };
  /** Long before its segment is complete. */
  const onCover = (frame: Frame): Promise<void> =>
    writeTogether([options.cover], async ([cover]) => {
      if (cover) await writeCover(cover, frame, fit.output, signal);
    });
  const encoder = await encodeSegments(spans, files, picture);
  const span = { start: spans[0].start, end: spans[spans.length - 1].end };
  try {
    await drawSpan(plan, span, encoder, { onCover, signal, onProgress });
    await encoder.finish();
  } catch (error) {
    await encoder.abort();
    throw error;
  }
};

export type FinishOptions = {
  /** Path of the `end.plan` of planLipSync. */
  readonly plan: string;
  /** What renderSegments made, in order. */
  readonly segments: readonly string[];
  /** Where this process has the recording, if the speech is one. */
  readonly recording?: string | undefined;
  /** Path of the mp4 to make. It appears when it is complete. */
  readonly output: string;
  /** Path of an srt file to make with the sentences of the text or transcript. */
  readonly subtitles?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Joins the segments, adds the sound and the label, and reports what was made.
 *
 * @throws BrokenPlanError, BrokenSegmentError, and as lipSync does
 */
export const finishLipSync = async (options: FinishOptions): Promise<ForeseenReport> => {
  const { plan, segments: files, recording, output, signal } = options;
  const { segments, sound, volume, sentences, report } = await readEndPlan(plan);
  if (files.length !== segments.length)
    throw new ParameterError('segments', files.length, `The files of all ${segments.length} segments`);
  await writeTogether([options.subtitles], async ([subtitles]) => {
    if (subtitles) await writeSubRip(subtitles, sentences);
    await joinSegments(
      output,
      segments.map(({ start, end }, k) => ({ path: files[k], frames: end - start })),
      {
        fps: report.fps,
        audio: { sound: openSound(sound, recording), volume },
        metadata: aigcMetadata(createAigcLabel()),
        signal,
      },
    );
  });
  return report;
};
