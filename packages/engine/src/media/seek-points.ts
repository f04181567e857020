import { runFfprobe } from './ffmpeg-process.js';
import { safeInput } from './input-safety.js';
import type { MediaProbe } from './probe.js';

/** Packets decoded to find the first picture: enough for a stream that does not begin with a key frame. */
const FIRST_PICTURE_PACKETS = 60;

/** Where decoding of a video may start in the middle. Times are the container's own timestamps. */
export type SeekPoints = {
  /** Timestamp of the first picture, in the stream's time base. */
  readonly origin: number;
  /** Seconds that one unit of `origin` lasts. */
  readonly timeBase: number;
  /** Presentation times of the key frames in seconds, ascending. */
  readonly keyframes: Float64Array;
};

type Packet = { pts_time?: string; flags?: string };
type Report = {
  packets?: Packet[];
  frames?: { best_effort_timestamp?: number }[];
  streams?: { time_base?: string }[];
};

/** Containers with an index or with whole timestamps; the others guess when asked for a time. */
const isSeekable = (format: string): boolean => /^(mov|matroska)/.test(format);

/**
 * List the key frames of a video, or return undefined when its container cannot be entered exactly in the middle
 * (avi, mpg, ts).
 */
export const findSeekPoints = async (
  path: string,
  source: MediaProbe,
  signal?: AbortSignal,
): Promise<SeekPoints | undefined> => {
  if (source.kind === 'still' || !isSeekable(source.format)) return undefined;
  const input = await safeInput(path);
  const select = [...input.options, '-select_streams', String(source.index)];
  const ask = async (args: readonly string[]): Promise<Report> =>
    (await runFfprobe([...select, ...args, input.url], signal)).report as Report;
  const first = await ask([
    ...['-read_intervals', `%+#${FIRST_PICTURE_PACKETS}`],
    ...['-show_entries', 'stream=time_base:frame=best_effort_timestamp'],
  ]);
  const origin = first.frames?.[0]?.best_effort_timestamp;
  const [numerator, denominator] = (first.streams?.[0]?.time_base ?? '').split('/').map(Number);
  if (origin === undefined || !(numerator / denominator > 0)) return undefined;

  const { packets = [] } = await ask(['-show_entries', 'packet=pts_time,flags']);
  const times = packets
    .filter((packet) => packet.flags?.startsWith('K') && !packet.flags.includes('D'))
    .map((packet) => Number(packet.pts_time))
    .filter(Number.isFinite);
  return { origin, timeBase: numerator / denominator, keyframes: Float64Array.from(times).sort() };
};

/** Time in seconds of the last key frame at or before this one, or undefined when decoding must start at the front. */
export const keyframeBefore = (points: SeekPoints, seconds: number): number | undefined => {
  const wanted = points.origin * points.timeBase + seconds;
  const index = points.keyframes.findLastIndex((time) => time <= wanted);
  return index > 0 ? points.keyframes[index] : undefined;
};
