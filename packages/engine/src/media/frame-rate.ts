/** Rates that cameras and editors produce; measured rates this close (relative) are taken for them. */
const STANDARD_RATES: readonly (readonly [number, number])[] = [
  [10, 1],
  [12, 1],
  [25, 2],
  [15000, 1001],
  [15, 1],
  [20, 1],
  [24000, 1001],
  [24, 1],
  [25, 1],
  [30000, 1001],
  [30, 1],
  [48000, 1001],
  [48, 1],
  [50, 1],
  [60000, 1001],
  [60, 1],
  [72, 1],
  [75, 1],
  [90, 1],
  [100, 1],
  [120000, 1001],
  [120, 1],
  [240000, 1001],
  [240, 1],
];
const STANDARD_TOLERANCE = 0.0005;
const TYPICAL_TOLERANCE = 0.04;

/** Farthest from its place on the grid, in frames, that a frame of a constant-rate video may be shown. */
const MAX_JITTER_FRAMES = 0.35;

/** Least share of grid places that have a picture of their own. */
const MIN_FILLED = 0.9;

/** Frames per second of a video. */
export type FrameRate = {
  readonly fps: number;
  /** The same as a fraction, exact for the usual rates, for example 30000/1001. */
  readonly numerator: number;
  readonly denominator: number;
  /** True when the pictures lie on the even grid of `fps` (a few missing ones allowed). */
  readonly constant: boolean;
  /** Rate at which most pictures follow one another, a usual one where it is near; `fps` when nothing is known of them. */
  readonly typical: number;
};

/** Rates worked at. Slower ones are no video, and on faster ones nobody sees a mouth move better. */
const SLOWEST = 10;
const FASTEST = 60;
/** No camera of a phone is faster. Containers may claim any rate: a grid of it could have millions of places a second. */
export const FASTEST_KNOWN = 300;
/** Rate of pictures that come at uneven times, slower or faster than any film. */
const USUAL = 25;

/**
 * How pictures come to be at the rate that is worked at: all of them as they are, every n-th of them, each n times, or each
 * at the nearest place of an even grid.
 */
export type RateHandling = 'kept' | 'divided' | 'repeated' | 'evened';

/** The rate to work at: the video's own wherever possible, so that no picture is shown twice and none is left out. */
export const workingRate = ({
  fps,
  constant,
  typical,
}: FrameRate): { readonly fps: number; readonly handling: RateHandling } => {
  if (constant && fps >= SLOWEST && fps <= FASTEST_KNOWN)
    return { fps: divided(fps), handling: fps > FASTEST ? 'divided' : 'kept' };
  if (constant && fps < SLOWEST) return { fps: fps * Math.ceil(USUAL / fps), handling: 'repeated' };
  const known = typical >= SLOWEST && typical <= FASTEST_KNOWN;
  return { fps: known ? divided(typical) : USUAL, handling: 'evened' };
};

const divided = (fps: number): number => fps / Math.ceil(fps / FASTEST - 1e-9);

const snap = (numerator: number, denominator: number): readonly [number, number] => {
  const fps = numerator / denominator;
  const distance = (rate: readonly [number, number]): number => Math.abs(rate[0] / rate[1] / fps - 1);
  const nearest = STANDARD_RATES.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best));
  return distance(nearest) <= STANDARD_TOLERANCE ? nearest : [numerator, denominator];
};

/** The rate that the median of the times from picture to picture means; usual rates need not be met exactly. */
const typicalRate = (times: readonly number[], fallback: number): number => {
  const steps = times.slice(1).map((time, k) => time - times[k]);
  const median = steps.sort((a, b) => a - b)[steps.length >> 1];
  if (!(median > 0)) return fallback;
  const distance = (fps: number): number => Math.abs(fps * median - 1);
  // Pictures at uneven times do not tell 29.97 from 30.
  const whole = STANDARD_RATES.filter(([, denominator]) => denominator === 1).map(([fps]) => fps);
  const nearest = whole.reduce((best, fps) => (distance(fps) < distance(best) ? fps : best));
  return distance(nearest) < TYPICAL_TOLERANCE ? nearest : 1 / median;
};

const parseFraction = (text: string | undefined): readonly [number, number] | undefined => {
  const [numerator, denominator] = (text ?? '').split('/').map(Number);
  return numerator > 0 && denominator > 0 ? [numerator, denominator] : undefined;
};

/** 119.88 for 120 and the like: where times are rounded to milliseconds, containers state the one for the other. */
const siblings = (rate: readonly [number, number]): (readonly [number, number])[] => {
  const near = (other: readonly [number, number]): number =>
    Math.abs(other[0] / other[1] / (rate[0] / rate[1]) - 1);
  return STANDARD_RATES.filter((other) => near(other) > 0 && near(other) < 1.5 / 1001);
};

/** Mean square of the distances to the grid, in frames. */
const misfit = (times: readonly number[], fps: number): number =>
  times.reduce((sum, time) => {
    const place = (time - times[0]) * fps;
    return sum + (place - Math.round(place)) ** 2;
  }, 0) / times.length;

const isOnGrid = (times: readonly number[], fps: number): boolean => {
  const places = times.map((time) => (time - times[0]) * fps);
  if (places.some((place) => Math.abs(place - Math.round(place)) > MAX_JITTER_FRAMES)) return false;
  const taken = new Set(places.map(Math.round));
  return taken.size === times.length && taken.size >= MIN_FILLED * (Math.round(places.at(-1)!) + 1);
};

/**
 * Find the frame rate from what the container states (`average`, `nominal` as ffprobe prints them) and the
 * presentation times in seconds of the first frames, in any order.
 */
export const measureFrameRate = (
  average: string | undefined,
  nominal: string | undefined,
  presentationTimes: readonly number[],
): FrameRate => {
  const times = [...presentationTimes].sort((a, b) => a - b);
  const candidates = [parseFraction(nominal), parseFraction(average)]
    .filter((fraction) => fraction !== undefined)
    .map(([numerator, denominator]) => snap(numerator, denominator));
  const rateOf = ([n, d]: readonly [number, number]): number => n / d;
  const [fitting] = [...candidates, ...candidates.flatMap(siblings)]
    .filter((rate) => times.length > 1 && isOnGrid(times, rateOf(rate)))
    .sort((a, b) => misfit(times, rateOf(a)) - misfit(times, rateOf(b)));
  if (fitting) {
    const fps = rateOf(fitting);
    return { fps, numerator: fitting[0], denominator: fitting[1], constant: true, typical: fps };
  }
  const [numerator, denominator] = candidates.at(-1) ?? [25, 1];
  const fps = numerator / denominator;
  return { fps, numerator, denominator, constant: false, typical: typicalRate(times, fps) };
};
