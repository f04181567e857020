import { drawSpan } from './draw-span.js';
import { aigcMetadata, createAigcLabel } from './label/aigc.js';
import { checkLipSyncOptions, type LipSyncOptions } from './lip-sync-options.js';
import { foreseenReport, type LipSyncReport } from './lip-sync-report.js';
import { writeCover } from './media/cover.js';
import { encodeInSegments } from './media/encode-in-segments.js';
import { writeTogether } from './media/output-file.js';
import { wholeSpan } from './media/segment-spans.js';
import type { Frame } from './picture/frame.js';
import { type LipSyncJob, prepareLipSync } from './prepare-lip-sync.js';
import { StageClock } from './progress/stage-clock.js';
import { writeSubRip } from './subtitles/sub-rip.js';

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
  const { output, cover, subtitles } = options;
  return {
    output,
    ...(cover === undefined ? {} : { cover }),
    ...(subtitles === undefined ? {} : { subtitles }),
    ...foreseenReport(job),
    timings: stages.end(),
  };
};

/** Renders and encodes every frame, then gives video, cover and subtitles their names; a failure leaves nothing. */
export const renderToFile = async (
  job: LipSyncJob,
  options: LipSyncOptions,
  stages: StageClock = new StageClock(options),
): Promise<void> => {
  const { source, speech, plan, segments } = job;
  const { signal } = options;
  stages.enter('render');
  await writeTogether([options.cover, options.subtitles], async ([cover, subtitles]) => {
    const encoder = await encodeInSegments(options.output, {
      ...{ working: source.fit.working, output: source.fit.output, fps: source.fps },
      spans: segments,
      audio: { sound: speech.sound, volume: options.volume ?? 100 },
      quality: options.quality ?? 'fast',
      metadata: aigcMetadata(createAigcLabel()),
      signal,
    });
    try {
      const onProgress = (share: number): void => stages.advance(share);
      const onCover = cover && ((frame: Frame) => writeCover(cover, frame, source.fit.output, signal));
      await drawSpan(job, wholeSpan(plan.frameCount), encoder, { onCover, signal, onProgress });
      stages.enter('finish');
      if (subtitles) await writeSubRip(subtitles, job.sentences ?? []);
      await encoder.finish();
    } catch (error) {
      await encoder.abort();
      throw error;
    }
  });
};
