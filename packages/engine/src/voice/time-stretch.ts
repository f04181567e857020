import { withFormantsOf } from './formants.js';

/** Length of the pieces that are overlapped: two or three periods of a deep voice. Seconds. */
const WINDOW = 0.03;
/** How far a piece may be taken from beside its place to fit the one before it. Seconds. */
const SEARCH = 0.01;

/** Where around `ideal` the input goes on most like it does at `natural`, by normalised correlation over `length`. */
const bestOffset = (
  input: Float32Array,
  natural: number,
  ideal: number,
  search: number,
  length: number,
): number => {
  const first = Math.max(0, ideal - search);
  const last = Math.min(input.length - length, ideal + search);
  let best = Math.min(Math.max(0, ideal), Math.max(0, input.length - length));
  let most = Number.NEGATIVE_INFINITY;
  for (let offset = first; offset <= last; offset++) {
    let likeness = 0;
    let power = 1e-9;
    for (let i = 0; i < length; i += 2) {
      const value = input[offset + i];
      likeness += value * (input[natural + i] ?? 0);
      power += value * value;
    }
    const score = likeness / Math.sqrt(power);
    if (score > most) {
      most = score;
      best = offset;
    }
  }
  return best;
};

/**
 * Makes speech `speed` times as fast without changing its pitch (WSOLA, Verhelst and Roelands 1993). The result has
 * exactly round(length / speed) samples.
 *
 * @param speed 0.25 to 4
 */
export const stretchTime = (input: Float32Array, sampleRate: number, speed: number): Float32Array => {
  const length = Math.round(input.length / speed);
  const hop = Math.round((WINDOW * sampleRate) / 2);
  if (speed === 1 || input.length < 4 * hop) return resample(input, length);
  const search = Math.round(SEARCH * sampleRate);
  const output = new Float32Array(length + 2 * hop);
  let taken = 0;
  for (let at = 0; at < length; at += hop) {
    const ideal = Math.round(at * speed);
    taken = at === 0 ? 0 : bestOffset(input, taken + hop, ideal, search, hop);
    for (let i = 0; i < 2 * hop; i++) {
      const window = at === 0 && i < hop ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * i) / hop);
      output[at + i] += window * (input[taken + i] ?? 0);
    }
  }
  return output.subarray(0, length);
};

/** Half width of the interpolation filter, in input samples at equal rates. */
const TAPS = 12;

/** Spreads samples over another length by band-limited interpolation (sinc with a Hann window). */
export const resample = (input: Float32Array, length: number): Float32Array => {
  if (length === input.length) return input.slice();
  const step = input.length / length;
  const cutoff = Math.min(1, 1 / step);
  const reach = TAPS / cutoff;
  return Float32Array.from({ length }, (_, index) => {
    const centre = (index + 0.5) * step - 0.5;
    let sum = 0;
    let weight = 0;
    for (
      let j = Math.max(0, Math.ceil(centre - reach));
      j <= Math.min(input.length - 1, centre + reach);
      j++
    ) {
      const x = (j - centre) * cutoff;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      const w = sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / TAPS));
      sum += w * input[j];
      weight += w;
    }
    return weight === 0 ? 0 : sum / weight;
  });
};

/** Moves the pitch of speech without changing its length, its formants or its loudness. */
export const shiftPitch = (input: Float32Array, sampleRate: number, octaves: number): Float32Array =>
  octaves === 0
    ? input
    : withFormantsOf(
        input,
        resample(stretchTime(input, sampleRate, 2 ** -octaves), input.length),
        sampleRate,
      );
