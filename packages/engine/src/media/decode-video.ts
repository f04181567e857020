import { writeCubeFile } from '../colour/cube-file.js';
import { FfmpegFailedError } from '../errors/ffmpeg-failed-error.js';
import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import { type Frame, frameBytes } from '../picture/frame.js';
import { DEFAULT_BACKGROUND, parseColour } from './background.js';
import { type FfmpegProcess, startFfmpeg } from './ffmpeg-process.js';
import { FASTEST_KNOWN } from './frame-rate.js';
import { safeInput } from './input-safety.js';
import { colourOf } from './picture-colour.js';
import { type Focus, pictureFilter } from './picture-filter.js';
import { type MediaProbe, probe } from './probe.js';
import { keyframeBefore, type SeekPoints } from './seek-points.js';

/** Shortest missing end of a video, in seconds, that counts as damage. */
const MISSING_TAIL_SECONDS = 0.5;

/** Two threads keep up with any renderer here, and each costs several frames of memory. */
const DECODER_THREADS = '2';

export type DecodeOptions = {
  /** Even size of the frames; the picture is scaled to cover it and cropped around the focus. */
  readonly width: number;
  readonly height: number;
  /** What cropping keeps in sight. Default: the centre. */
  readonly focus?: Focus | undefined;
  /** Colour behind transparent pictures, `#rrggbb`. Default white. */
  readonly background?: string | undefined;
  /** Rate of the grid: frame k is the picture shown k / fps seconds after the first one. */
  readonly fps: number;
  /** First frame wanted. Default 0. */
  readonly start?: number;
  /** Number of frames wanted. Default: to the end. */
  readonly count?: number;
  /** What {@link probe} said about the file, to save probing again. */
  readonly probe?: MediaProbe;
  /** What {@link findSeekPoints} said about it; without, everything before `start` is decoded and dropped. */
  readonly seekPoints?: SeekPoints | undefined;
  /** Where to put frame k: a buffer of `frameBytes(width, height)`. Default: one buffer, used again for each frame. */
  readonly into?: (index: number) => Uint8Array;
  readonly signal?: AbortSignal | undefined;
};

/** The frames of a raw video stream, each in the buffer that `into` names for it. */
async function* readFrames(
  child: FfmpegProcess,
  { width, height }: { width: number; height: number },
  into: (index: number) => Uint8Array,
  first: number,
): AsyncGenerator<Frame> {
  for (let index = first; ; index += 1) {
    let data: Uint8Array = new Uint8Array();
    child.expectProgress();
    const isWhole = await child.output!.fill(() => {
      data = into(index);
      return data;
    });
    if (!isWhole) return;
    child.expectNothing();
    yield { width, height, data };
  }
}

/** How to begin decoding, and the filters that put pictures on the grid from place `start` on. */
type Entry = { readonly options: readonly string[]; readonly filters: readonly string[] };

/** Pictures whose time is their number: only a change of rate needs the grid filter. */
const countedEntry = ({ rate }: MediaProbe, fps: number, start: number): Entry => {
  const counted = [`settb=${rate.denominator}/${rate.numerator}`, 'setpts=N'];
  const own = Math.abs(fps - rate.fps) < 1e-6;
  return {
    options: [],
    filters: [...counted, own ? `trim=start_frame=${start}` : gridFilter(fps, start), 'setpts=N'],
  };
};

/** Round each picture to the nearest place and repeat it until the next; the last lasts as long as the file says. */
const gridFilter = (fps: number, start: number): string => `fps=${fps}:start_time=${start / fps}`;

/** The grid, from place `start` on. Every n-th picture is taken by count: by time, now and then the wrong one would be nearest. */
const gridFilters = ({ rate }: MediaProbe, fps: number, start: number): string[] => {
  const step = Math.round(rate.fps / fps);
  const everyNth =
    rate.constant && rate.fps <= FASTEST_KNOWN && step > 1 && Math.abs(rate.fps / fps / step - 1) < 1e-6;
  if (!everyNth) return [gridFilter(fps, start), 'setpts=N'];
  return [gridFilter(rate.fps, start * step), `framestep=${step}`, `setpts=N*${step}`];
};

/**
 * Count time from the first picture on. The offset shifts the end of the file along, which the filter alone would
 * not; the filter makes it exact.
 */
const entryAt = (source: MediaProbe, points: SeekPoints | undefined, fps: number, start: number): Entry => {
  if (source.kind === 'still') return { options: [], filters: [] };
  if (source.timestamps === 'counted') return countedEntry(source, fps, start);
  const grid = gridFilters(source, fps, start);
  const keyframe = points && keyframeBefore(points, start / fps);
  if (keyframe === undefined)
    return {
      options: ['-itsoffset', (-source.startSeconds).toFixed(6)],
      filters: ['setpts=PTS-STARTPTS', ...grid],
    };
  const seek = ['-copyts', '-noaccurate_seek', '-seek_timestamp', '1', '-ss', keyframe.toFixed(6)];
  return { options: seek, filters: [`setpts=PTS-(${points!.origin})`, ...grid] };
};

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
  const {
    width,
    height,
    focus,
    background = parseColour(DEFAULT_BACKGROUND)!,
    fps,
    start = 0,
    count,
    signal,
  } = options;
  const source = options.probe ?? (await probe(path, signal));
  const input = await safeInput(path);
  const still = source.kind === 'still';
  const limit = still ? 1 : count;
  const entry = entryAt(source, options.seekPoints, fps, start);
  const colour = await colourOf(path, source);
  const cube = colour && (await writeCubeFile(colour));
  const wish = { size: { width, height }, focus, background, cube: cube?.path };
  const child = await startFfmpeg(
    [
      ...[...input.options, ...entry.options],
      ...['-threads', DECODER_THREADS],
      ...(source.decoder ? ['-c:v', source.decoder] : []),
      // Starting the filters anew at a change of size would lose their place in time.
      ...(source.changesSize ? ['-reinit_filter', '0'] : []),
      ...['-i', input.url, '-map', `0:${source.index}`],
      ...['-vf', [...entry.filters, pictureFilter(source, wish)].join(',')],
      ...(limit === undefined ? [] : ['-frames:v', String(limit)]),
      ...['-f', 'rawvideo', 'pipe:1'],
    ],
    { signal, output: true },
  ).catch(async (error) => {
    await cube?.remove();
    throw error;
  });
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
    await cube?.remove();
  }
  if (still ? frames === 0 : count === undefined || frames < count)
    requireWholeVideo(path, source, start + frames, fps, child.stderr());
}
