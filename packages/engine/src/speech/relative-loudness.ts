import { percentile } from './percentile.js';

/** Decibels from the quietest speech that counts to the loud vowels. */
const RANGE_DB = 40;

/** Frames averaged, 100 ms. */
const SMOOTHING_FRAMES = 10;

/**
 * How loud each frame is beside the rest of the speech, 0 to 1: 1 at the level that one frame in twenty exceeds,
 * 0 at 40 dB below it; averaged over 100 ms.
 *
 * @param level decibels, frame by frame
 */
export const relativeLoudness = (level: Float32Array): Float32Array<ArrayBuffer> => {
  const loud = percentile(level, 0.95);
  const scaled = level.map((db) => Math.min(1, Math.max(0, 1 + (db - loud) / RANGE_DB)));
  return movingAverage(scaled, SMOOTHING_FRAMES);
};

const movingAverage = (values: Float32Array, span: number): Float32Array<ArrayBuffer> => {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i];
  return Float32Array.from(values, (_, i) => {
    const first = Math.max(0, i - span / 2);
    const last = Math.min(values.length, i + span / 2 + 1);
    return (sums[last] - sums[first]) / (last - first);
  });
};
