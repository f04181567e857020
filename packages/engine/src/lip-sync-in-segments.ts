import { drawSpan } from './draw-span.js';
import { ParameterError } from './errors/parameter-error.js';
import { aigcMetadata, createAigcLabel } from './label/aigc.js';
import { checkPrepareOptions, type PrepareOptions } from './lip-sync-options.js';
import type { ForeseenReport } from './lip-sync-report.js';
import { encodeSegment } from './media/encode-video.js';
import { joinSegments } from './media/join-segments.js';
import { createOutputFile, writeTogether } from './media/output-file.js';
import { prepareLipSync } from './prepare-lip-sync.js';
import { openSound, readEndPlan, readSegmentPlan, writePlan } from './segment-plan.js';
import { writeSubRip } from './subtitles/sub-rip.js';

/*
 * `lipSync` in pieces that different processes, on different machines, can do: prepare, then every segment in any order
 * or at the same time, then finish. The video has the same pictures and the same sound, bit by bit.
 */

/** What there is to do once a video is prepared. */
export type PreparedVideo = { readonly segments: number; readonly frames: number; readonly fps: number };

/**
 * Decides everything about a video before its first frame is drawn, and writes it to files in a directory, which must
 * exist: `segment.plan` for renderSegment and `end.plan` for finishLipSync. A short video has one segment.
 *
 * @throws an EngineError, as lipSync does; the signal's reason when aborted
 */
export const planLipSync = async (directory: string, options: PrepareOptions): Promise<PreparedVideo> => {
  checkPrepareOptions(options);
  const job = await prepareLipSync(options);
  await writePlan(directory, job, options);
  return { segments: job.segments.length, frames: job.plan.frameCount, fps: job.source.fps };
};

export type SegmentOptions = {
  /** Directory with the `segment.plan` of planLipSync. */
  readonly directory: string;
  /** Where this process has the driving video. */
  readonly video: string;
  /** Which one to make, from 0 on. */
  readonly segment: number;
  /** Path of the mp4 without sound to make. It appears when it is complete. */
  readonly output: string;
  /** Path of the jpg to make of a frame; only the first segment makes it. */
  readonly cover?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told which share of the segment is drawn, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
};

/**
 * Draws and encodes one segment.
 *
 * @throws BrokenPlanError, ParameterError for a segment that there is not, and as lipSync does
 */
export const renderSegment = async (options: SegmentOptions): Promise<void> => {
  const { directory, video, segment, signal, onProgress = () => {} } = options;
  const plan = await readSegmentPlan(directory, video);
  const { fit, fps } = plan.source;
  const span = plan.segments[segment];
  if (!span) throw new ParameterError('segment', segment, `A number from 0 to ${plan.segments.length - 1}`);
  await writeTogether([segment === 0 ? options.cover : undefined], async ([cover]) => {
    const picture = { working: fit.working, output: fit.output, fps, ...plan.encoding, signal };
    const encoder = await encodeSegment(await createOutputFile(options.output), picture);
    try {
      await drawSpan(plan, span, encoder, { cover, signal, onProgress });
      await encoder.finish();
    } catch (error) {
      await encoder.abort();
      throw error;
    }
  });
};

export type FinishOptions = {
  /** Directory with the `end.plan` of planLipSync. */
  readonly directory: string;
  /** What renderSegment made, in order. */
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
  const { directory, segments: files, recording, output, signal } = options;
  const { segments, sound, volume, sentences, report } = await readEndPlan(directory);
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
