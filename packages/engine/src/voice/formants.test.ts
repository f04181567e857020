import { describe, expect, it } from 'vitest';
import { shiftPitch } from './time-stretch.js';

const RATE = 16_000;

/** A vowel: pulses of a voice through two resonances of 80 Hz bandwidth. */
const vowel = (pitch: number, formants: readonly number[]): Float32Array => {
  let signal = Float64Array.from({ length: RATE }, (_, index) =>
    index % Math.round(RATE / pitch) === 0 ? 1 : 0,
  );
  for (const formant of formants) {
    const radius = Math.exp((-Math.PI * 80) / RATE);
    const turn = 2 * radius * Math.cos((2 * Math.PI * formant) / RATE);
    const out = new Float64Array(signal.length);
    for (let n = 0; n < signal.length; n++)
      out[n] = signal[n] + turn * (out[n - 1] ?? 0) - radius ** 2 * (out[n - 2] ?? 0);
    signal = out;
  }
  return Float32Array.from(signal, (value) => value * 0.02);
};

/** Power between two frequencies, by single bins of a Fourier transform. */
const power = (signal: Float32Array, low: number, high: number): number => {
  let sum = 0;
  for (let frequency = low; frequency <= high; frequency += 5) {
    let [re, im] = [0, 0];
    for (let n = 4000; n < 12_000; n++) {
      re += signal[n] * Math.cos((2 * Math.PI * frequency * n) / RATE);
      im += signal[n] * Math.sin((2 * Math.PI * frequency * n) / RATE);
    }
    sum += re ** 2 + im ** 2;
  }
  return sum;
};

/** The shortest period that is nearly as good as the best. */
const pitchOf = (signal: Float32Array): number => {
  const likeness = Array.from({ length: RATE / 60 }, (_, lag) => {
    let sum = 0;
    for (let n = 5000; n < 9000; n++) sum += signal[n] * signal[n + lag];
    return lag < RATE / 400 ? 0 : sum;
  });
  const most = Math.max(...likeness);
  const first = likeness.findIndex((sum) => sum > 0.85 * most);
  return (
    RATE / (first + likeness.slice(first, first + 10).indexOf(Math.max(...likeness.slice(first, first + 10))))
  );
};

describe.each([0.5, -0.4])('speech moved by %s octaves', (octaves) => {
  const original = vowel(125, [700, 1800]);
  const moved = shiftPitch(original, RATE, octaves);

  it('has another pitch', () => {
    expect(pitchOf(moved) / 125).toBeCloseTo(2 ** octaves, 1);
  });

  it('keeps its formants where they are', () => {
    const [wrong, far] = [700 * 2 ** octaves, 1800 * 2 ** octaves];
    expect(power(moved, 600, 800)).toBeGreaterThan(2 * power(moved, wrong - 100, wrong + 100));
    expect(power(moved, 1700, 1900)).toBeGreaterThan(2 * power(moved, far - 100, far + 100));
  });

  it('keeps its length and loudness', () => {
    expect(moved).toHaveLength(original.length);
    const level = (signal: Float32Array): number => signal.reduce((sum, value) => sum + value ** 2, 0);
    expect(level(moved) / level(original)).toBeGreaterThan(0.7);
    expect(level(moved) / level(original)).toBeLessThan(1.4);
  });
});
