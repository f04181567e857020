import type { EncodedSound } from './encode-sound.js';
import {
  type EncodeOptions,
  encodeSegment,
  encodeVideo,
  type PictureOptions,
  type VideoEncoder,
} from './encode-video.js';
import { joinSegments } from './join-segments.js';
import { createOutputFile, type OutputFile } from './output-file.js';
import type { FrameSpan } from './segment-spans.js';

type SegmentFiles = {
  /** Where to write a segment; it is committed when it is complete. */
  readonly fileOf: (segment: number) => Promise<OutputFile>;
  /** Told when a segment has its name. */
  readonly onSegment?: ((segment: number) => void) | undefined;
};

/**
 * Encodes consecutive segments, each by an encoder of its own, while frames come one after the other.
 *
 * @param spans of the segments, in order and without gaps
 * @throws as encodeSegment does
 */
export const encodeSegments = async (
  spans: readonly FrameSpan[],
  { fileOf, onSegment }: SegmentFiles,
  options: PictureOptions,
): Promise<VideoEncoder> => {
  options.signal?.throwIfAborted();
  const begin = async (segment: number): Promise<VideoEncoder> =>
    encodeSegment(await fileOf(segment), options);
  let current = 0;
  let encoder = await begin(current);
  /** What the encoder before has still to do, while the next one is at work. */
  let finishing: Promise<void> = Promise.resolve();
  let frame = spans[0].start;
  const finish = (): void => {
    const [segment, done] = [current, encoder];
    finishing = done.finish().then(() => onSegment?.(segment));
    finishing.catch(() => {});
  };
  return {
    async write(picture) {
      if (frame === spans[current].end) {
        await finishing;
        finish();
        current += 1;
        encoder = await begin(current);
      }
      await encoder.write(picture);
      frame += 1;
    },
    async finish() {
      await finishing;
      finish();
      await finishing;
    },
    async abort() {
      await encoder.abort();
      await finishing.catch(() => {});
    },
  };
};

type VideoOptions = PictureOptions &
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
export const encodeInSegments = async (path: string, options: VideoOptions): Promise<VideoEncoder> => {
  const { spans } = options;
  if (spans.length === 1) return encodeVideo(path, { ...options, frameCount: spans[0].end });
  const files: OutputFile[] = [];
  // Never given its name: it is a part of the video, beside which it lies.
  const fileOf = async (): Promise<OutputFile> => {
    const file = await createOutputFile(path);
    files.push(file);
    return { ...file, commit: async () => {} };
  };
  const discard = async (): Promise<void> => {
    for (const file of files) await file.discard();
  };
  const encoder = await encodeSegments(spans, { fileOf }, options);
  let finished = false;
  return {
    write: encoder.write,
    async finish() {
      await encoder.finish();
      const segments = spans.map(({ start, end }, k) => ({ path: files[k].partPath, frames: end - start }));
      await joinSegments(path, segments, options);
      finished = true;
      await discard();
    },
    async abort() {
      if (finished) return;
      await encoder.abort();
      await discard();
    },
  };
};
