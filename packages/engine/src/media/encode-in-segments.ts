import type { EncodedSound } from './encode-sound.js';
import {
  type EncodeOptions,
  encodeSegment,
  encodeVideo,
  type PictureOptions,
  type VideoEncoder,
} from './encode-video.js';
import { joinSegments, type Segment } from './join-segments.js';
import { createOutputFile, type OutputFile } from './output-file.js';
import type { FrameSpan } from './segment-spans.js';

type SegmentsOptions = PictureOptions &
  Required<Pick<EncodeOptions, 'metadata'>> & {
    readonly audio: EncodedSound;
    /** Where the segments begin and end, in order and without gaps. */
    readonly spans: readonly FrameSpan[];
  };

/**
 * Writes the same mp4 as processes do that share its segments: each encoded by itself, then joined. A single segment is
 * encoded with its sound at once.
 * @throws as encodeVideo and joinSegments do
 */
export const encodeInSegments = async (path: string, options: SegmentsOptions): Promise<VideoEncoder> => {
  const { spans, signal } = options;
  if (spans.length === 1) return encodeVideo(path, { ...options, frameCount: spans[0].end });
  signal?.throwIfAborted();
  const files: OutputFile[] = [];
  /** The encoder at work, and what the one before still has to do. */
  let encoder = await begin();
  let finishing: Promise<void> = Promise.resolve();
  let written = 0;
  let finished = false;

  async function begin(): Promise<VideoEncoder> {
    // Never given its name: it is a part of the video, beside which it lies.
    const file = await createOutputFile(path);
    files.push(file);
    return encodeSegment({ ...file, commit: async () => {} }, options);
  }
  const endSegment = async (): Promise<void> => {
    await finishing;
    const done = encoder;
    finishing = done.finish();
    finishing.catch(() => {});
    encoder = await begin();
  };
  const discard = async (): Promise<void> => {
    for (const file of files) await file.discard();
  };

  return {
    async write(frame) {
      if (written === spans[files.length - 1].end) await endSegment();
      await encoder.write(frame);
      written += 1;
    },
    async finish() {
      await finishing;
      await encoder.finish();
      const segments: Segment[] = spans.map(({ start, end }, k) => ({
        path: files[k].partPath,
        frames: end - start,
      }));
      await joinSegments(path, segments, options);
      finished = true;
      await discard();
    },
    async abort() {
      if (finished) return;
      await encoder.abort();
      await finishing.catch(() => {});
      await discard();
    },
  };
};
