import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import { type DecodeOptions, decodeVideo } from '../media/decode-video.js';
import type { Focus } from '../media/picture-filter.js';
import { type MediaProbe, probe } from '../media/probe.js';
import { findSeekPoints, type SeekPoints } from '../media/seek-points.js';
import { type Frame, frameBytes } from '../picture/frame.js';
import { splitIntoRuns } from './playback-runs.js';

/** Most memory for decoded frames: those of a short video, or of one stretch that is shown backwards. */
const HELD_BYTES = 96 * 2 ** 20;

export type PlaybackOptions = {
  /** Even size of the frames, as for {@link decodeVideo}. */
  readonly width: number;
  readonly height: number;
  readonly focus?: Focus | undefined;
  readonly background?: string | undefined;
  readonly fps: number;
  /** What {@link probe} said about the file, to save probing again. */
  readonly probe?: MediaProbe;
  /** What {@link findSeekPoints} said about it, to save looking again. */
  readonly seekPoints?: SeekPoints | undefined;
  /** Where to put output frame k. Default: memory of the reader, to be read only, until the next frame is pulled. */
  readonly into?: (index: number) => Uint8Array;
  readonly signal?: AbortSignal | undefined;
};

/** A frame of the driving video, with its number there. */
export type PlaybackFrame = Frame & { readonly sourceIndex: number };

/** Frames `start` to `start + count` of a driving video. */
type Stretch = { readonly start: number; readonly count: number };

type Source = { readonly path: string; readonly decoding: DecodeOptions };

/** @throws UnreadableMediaError when the video ends within the stretch */
async function* decodeStretch(
  { path, decoding }: Source,
  { start, count }: Stretch,
  into?: (index: number) => Uint8Array,
): AsyncGenerator<Frame> {
  let read = 0;
  for await (const frame of decodeVideo(path, { ...decoding, start, count, ...(into && { into }) })) {
    yield frame;
    read += 1;
  }
  if (read < count) throw new UnreadableMediaError(path, `it ended before frame ${start + count}`);
}

/** Decode a stretch into `memory`, and say where there each of its frames is. */
const holdStretch = async (
  source: Source,
  stretch: Stretch,
  memory: Uint8Array,
): Promise<(index: number) => Uint8Array> => {
  const bytes = frameBytes(source.decoding.width, source.decoding.height);
  const at = (index: number): Uint8Array => {
    const offset = (index - stretch.start) * bytes;
    return memory.subarray(offset, offset + bytes);
  };
  for await (const _ of decodeStretch(source, stretch, at));
  return at;
};

/** Frames of a stretch from its last to its first, decoded in pieces that fit the memory. */
async function* readBackwards(
  source: Source,
  { start, count }: Stretch,
  memory: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const frames = Math.floor(memory.length / frameBytes(source.decoding.width, source.decoding.height));
  for (let end = start + count; end > start; end -= frames) {
    const from = Math.max(start, end - frames);
    const at = await holdStretch(source, { start: from, count: end - from }, memory);
    for (let index = end - 1; index >= from; index -= 1) yield at(index);
  }
}

const rangeOf = (plan: Int32Array): Stretch => {
  let lowest = plan[0];
  let highest = plan[0];
  for (const index of plan) {
    lowest = Math.min(lowest, index);
    highest = Math.max(highest, index);
  }
  return { start: lowest, count: highest - lowest + 1 };
};

/**
 * Read the frames of a driving video in the order of a playback plan, backwards too, in memory that does not grow
 * with the length of either.
 * @throws UnreadableMediaError when the plan asks for a frame that the file does not have; and as decodeVideo does
 */
export async function* readPlayback(
  path: string,
  plan: Int32Array,
  options: PlaybackOptions,
): AsyncGenerator<PlaybackFrame> {
  if (plan.length === 0) return;
  const { width, height, focus, background, fps, into, signal } = options;
  const media = options.probe ?? (await probe(path, signal));
  const runs = splitIntoRuns(plan);
  const enters = options.seekPoints === undefined && runs.some((run) => run.start > 0);
  const seekPoints = enters ? await findSeekPoints(path, media, signal) : options.seekPoints;
  const source: Source = {
    path,
    decoding: { width, height, focus, background, fps, probe: media, seekPoints, signal },
  };
  const bytes = frameBytes(width, height);
  const heldFrames = Math.max(1, Math.floor(HELD_BYTES / bytes));

  let output = 0;
  const deliver = (held: Uint8Array): PlaybackFrame => {
    const data = into?.(output) ?? held;
    if (data !== held) data.set(held);
    const sourceIndex = plan[output];
    output += 1;
    return { width, height, data, sourceIndex };
  };

  const range = rangeOf(plan);
  if (range.count <= heldFrames) {
    const at = await holdStretch(source, range, new Uint8Array(range.count * bytes));
    for (const index of plan) {
      signal?.throwIfAborted();
      yield deliver(at(index));
    }
    return;
  }

  let memory: Uint8Array | undefined;
  for (const run of runs) {
    if (run.backwards) {
      memory ??= new Uint8Array(heldFrames * bytes);
      for await (const held of readBackwards(source, run, memory)) yield deliver(held);
      continue;
    }
    const shift = output - run.start;
    const place = into && ((index: number): Uint8Array => into(index + shift));
    for await (const frame of decodeStretch(source, run, place)) {
      yield { ...frame, sourceIndex: plan[output] };
      output += 1;
    }
  }
}
