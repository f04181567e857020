/** Rates that cameras and editors produce; measured rates this close (relative) are taken for them. */
const STANDARD_RATES: readonly (readonly [number, number])[] = [
  [24000, 1001],
  [24, 1],
  [25, 1],
  [30000, 1001],
  [30, 1],
  [50, 1],
  [60000, 1001],
  [60, 1],
];
const STANDARD_TOLERANCE = 0.0005;

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
};

const snap = (numerator: number, denominator: number): readonly [number, number] => {
  const fps = numerator / denominator;
  const distance = (rate: readonly [number, number]): number => Math.abs(rate[0] / rate[1] / fps - 1);
  const nearest = STANDARD_RATES.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best));
  return distance(nearest) <= STANDARD_TOLERANCE ? nearest : [numerator, denominator];
};

const parseFraction = (text: string | undefined): readonly [number, number] | undefined => {
  const [numerator, denominator] = (text ?? '').split('/').map(Number);
  return numerator > 0 && denominator > 0 ? [numerator, denominator] : undefined;
};

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
  for (const [numerator, denominator] of candidates) {
    const fps = numerator / denominator;
    if (times.length > 1 && isOnGrid(times, fps)) return { fps, numerator, denominator, constant: true };
  }
  const [numerator, denominator] = candidates.at(-1) ?? [25, 1];
  return { fps: numerator / denominator, numerator, denominator, constant: false };
};
