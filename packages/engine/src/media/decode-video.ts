import { FfmpegFailedError } from '../errors/ffmpeg-failed-error.js';
import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import { type FfmpegProcess, startFfmpeg } from './ffmpeg-process.js';
import { type Frame, frameBytes } from './frame.js';
import { MAX_PIXELS, safeInput } from './input-safety.js';
import { pictureFilter } from './picture-filter.js';
import { type MediaProbe, probe } from './probe.js';

/** Shortest missing end of a video, in seconds, that counts as damage. */
const MISSING_TAIL_SECONDS = 0.5;

/** Two threads keep up with any renderer here, and each costs several frames of memory. */
const DECODER_THREADS = '2';

export type DecodeOptions = {
  /** Even size of the frames; the picture is scaled to cover it and cropped from the centre. */
  readonly width: number;
  readonly height: number;
  /** Rate of the grid: frame k is the picture shown k / fps seconds after the first one. */
  readonly fps: number;
  /** First frame wanted. Default 0. */
  readonly start?: number;
  /** Number of frames wanted. Default: to the end. */
  readonly count?: number;
  /** What {@link probe} said about the file, to save probing again. */
  readonly probe?: MediaProbe;
  /** Where to put frame k: a buffer of `frameBytes(width, height)`. Default: one buffer, used again for each frame. */
  readonly into?: (index: number) => Uint8Array;
  readonly signal?: AbortSignal | undefined;
};

/** Cut the bytes of a raw video stream into frames, filling the buffer that `into` names for each. */
async function* readFrames(
  child: FfmpegProcess,
  size: { width: number; height: number },
  into: (index: number) => Uint8Array,
  first: number,
): AsyncGenerator<Frame> {
  const { width, height } = size;
  const bytes = frameBytes(width, height);
  let index = first;
  let data = into(index);
  let filled = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    for (let taken = 0; taken < chunk.length; ) {
      const part = chunk.subarray(taken, taken + bytes - filled);
      data.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < bytes) continue;
      child.expectNothing();
      yield { width, height, data };
      child.expectProgress();
      index += 1;
      filled = 0;
      data = into(index);
    }
    child.expectProgress();
  }
}

/** @throws UnreadableMediaError when much less came out of the file than its container promised */
const requireWholeVideo = (
  path: string,
  source: MediaProbe,
  frames: number,
  fps: number,
  stderr: string,
): void => {
  const seconds = frames / fps;
  const promised = source.promisedSeconds;
  const short = promised !== undefined && seconds < promised - MISSING_TAIL_SECONDS;
  // Matroska without stated lengths still says when a block was cut in two.
  const cut = promised === undefined && /File ended prematurely|Truncating packet/.test(stderr);
  if (frames > 0 && !short && !cut) return;
  const whole = promised === undefined ? '' : ` of ${promised.toFixed(1)}`;
  throw new UnreadableMediaError(path, `only ${seconds.toFixed(1)}${whole} s of picture could be decoded`);
};

/**
 * Decode a driving video to frames at a constant rate: upright, square pixels, bt709 limited range.
 * A still picture yields one frame. A frame is valid until the next one is pulled, unless `into` gave it a place.
 * ffmpeg waits while the caller works on a frame, and ends when the caller stops pulling.
 * @throws MissingFileError, NotAVideoError, TooLargeError
 * @throws UnreadableMediaError when the file is damaged or more than 0.5 s shorter than it promises; the frames
 *   that could be read have been yielded by then
 */
export async function* decodeVideo(path: string, options: DecodeOptions): AsyncGenerator<Frame> {
  const { width, height, fps, start = 0, count, signal } = options;
  const source = options.probe ?? (await probe(path, signal));
  const input = await safeInput(path);
  const still = source.kind === 'still';
  const grid = still ? [] : ['setpts=PTS-STARTPTS', `fps=${fps}:start_time=${start / fps}`];
  const limit = still ? 1 : count;
  const child = await startFfmpeg(
    [
      ...input.options,
      ...['-max_pixels', String(MAX_PIXELS), '-threads', DECODER_THREADS],
      ...['-i', input.url, '-map', `0:${source.index}`],
      ...['-vf', [...grid, pictureFilter(source, { width, height })].join(',')],
      ...(limit === undefined ? [] : ['-frames:v', String(limit)]),
      ...['-f', 'rawvideo', 'pipe:1'],
    ],
    { signal },
  );
  const shared = options.into ? undefined : new Uint8Array(frameBytes(width, height));
  const into = options.into ?? ((): Uint8Array => shared!);
  let frames = 0;
  try {
    for await (const frame of readFrames(child, { width, height }, into, start)) {
      frames += 1;
      yield frame;
    }
    await child.finished;
  } catch (error) {
    if (!(error instanceof FfmpegFailedError)) throw error;
    throw new UnreadableMediaError(path, `decoding stopped after ${(frames / fps).toFixed(1)} s`, error);
  } finally {
    await child.kill();
  }
  if (still ? frames === 0 : count === undefined || frames < count)
    requireWholeVideo(path, source, start + frames, fps, child.stderr());
}
