import { firstFrame } from './clip/driving-clip.js';
import { writeCover } from './media/cover.js';
import type { VideoEncoder } from './media/encode-video.js';
import type { OutputFile } from './media/output-file.js';
import type { SeekPoints } from './media/seek-points.js';
import type { FrameSpan } from './media/segment-spans.js';
import type { Frame } from './picture/frame.js';
import { readPlayback } from './playback/read-playback.js';
import type { LipSyncJob } from './prepare-lip-sync.js';
import { renderVideo } from './render/render-video.js';

/** Second of the video that the cover shows: by then most people have opened their mouth. */
const COVER_SECOND = 0.5;

/** What is needed to draw any frame of a video. */
export type Drawing = Pick<LipSyncJob, 'source' | 'track' | 'library' | 'plan' | 'playback'> & {
  readonly seekPoints?: SeekPoints | undefined;
};

type DrawOptions = {
  /** A jpg to write of the frame for it, if that lies in the span; the caller commits the file. */
  readonly cover: OutputFile | undefined;
  readonly signal: AbortSignal | undefined;
  /** Told which share of the span is drawn, 0 to 1. */
  readonly onProgress: (share: number) => void;
};

/** Draws the frames of a span and hands them to the encoder, which the caller finishes. */
export const drawSpan = async (
  { source, playback, seekPoints, ...drawing }: Drawing,
  span: FrameSpan,
  encoder: VideoEncoder,
  { cover, signal, onProgress }: DrawOptions,
): Promise<void> => {
  const coverFrame = Math.min(drawing.plan.frameCount - 1, Math.round(COVER_SECOND * source.fps));
  const order = playback.subarray(span.start, span.end).map((frame) => firstFrame(source) + frame);
  const decoding = { ...source.picture, fps: source.fps, probe: source.media, seekPoints, signal };
  let shown: Frame | undefined;
  await renderVideo({
    ...drawing,
    span,
    read: (into) => readPlayback(source.path, order, { ...decoding, into }),
    write: async (frame, index) => {
      if (index === coverFrame && cover) shown = { ...frame, data: frame.data.slice() };
      await encoder.write(frame);
      onProgress((index + 1 - span.start) / (span.end - span.start));
    },
  });
  if (cover && shown) await writeCover(cover, shown, source.fit.output, signal);
};
