import { firstFrame } from './clip/driving-clip.js';
import type { VideoEncoder } from './media/encode-video.js';
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
  /** Given the frame for the cover, if that lies in the span; its memory is used again when that resolves. */
  readonly onCover: ((frame: Frame) => Promise<void>) | undefined;
  readonly signal: AbortSignal | undefined;
  /** Told which share of the span is drawn, 0 to 1. */
  readonly onProgress: (share: number) => void;
};

/** Draws the frames of a span and hands them to the encoder, which the caller finishes. */
export const drawSpan = async (
  { source, playback, seekPoints, ...drawing }: Drawing,
  span: FrameSpan,
  encoder: VideoEncoder,
  { onCover, signal, onProgress }: DrawOptions,
): Promise<void> => {
  const coverFrame = Math.min(drawing.plan.frameCount - 1, Math.round(COVER_SECOND * source.fps));
  const order = playback.subarray(span.start, span.end).map((frame) => firstFrame(source) + frame);
  const decoding = { ...source.picture, fps: source.fps, probe: source.media, seekPoints, signal };
  await renderVideo({
    ...drawing,
    span,
    read: (into) => readPlayback(source.path, order, { ...decoding, into }),
    write: async (frame, index) => {
      if (index === coverFrame) await onCover?.(frame);
      await encoder.write(frame);
      onProgress((index + 1 - span.start) / (span.end - span.start));
    },
  });
};
