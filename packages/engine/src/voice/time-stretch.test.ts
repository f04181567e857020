import { describe, expect, it } from 'vitest';
import { resample, shiftPitch, stretchTime } from './time-stretch.js';

const RATE = 22050;

const tone = (hertz: number, seconds: number): Float32Array =>
  Float32Array.from(
    { length: Math.round(seconds * RATE) },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / RATE),
  );

/** Frequency from the upward zero crossings of the middle half. */
const frequency = (samples: Float32Array): number => {
  const middle = samples.subarray(samples.length >> 2, 3 * (samples.length >> 2));
  const crossings = [...middle.keys()].filter((i) => i > 0 && middle[i - 1] < 0 && middle[i] >= 0);
  return ((crossings.length - 1) * RATE) / (crossings[crossings.length - 1] - crossings[0]);
};

const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

describe('stretchTime', () => {
  it.each([0.5, 0.8, 1, 1.3, 2])(
    'changes the length exactly by %f and leaves pitch and loudness',
    (speed) => {
      const input = tone(150, 1.3);
      const output = stretchTime(input, RATE, speed);
      expect(output.length).toBe(Math.round(input.length / speed));
      expect(frequency(output)).toBeCloseTo(150, -0.5);
      expect(rms(output.subarray(1000, output.length - 1000))).toBeCloseTo(rms(input), 1);
    },
  );

  it('does not fail on sounds shorter than its window', () => {
    expect(stretchTime(tone(150, 0.01), RATE, 2).length).toBe(Math.round(Math.round(0.01 * RATE) / 2));
    expect(stretchTime(new Float32Array(0), RATE, 2).length).toBe(0);
  });
});

describe('shiftPitch', () => {
  it.each([-0.45, 0.3, 0.6])('moves the pitch by %f octaves and keeps the length', (octaves) => {
    const output = shiftPitch(tone(150, 1), RATE, octaves);
    expect(output.length).toBe(RATE);
    expect(frequency(output) / 150).toBeCloseTo(2 ** octaves, 1);
  });
});

describe('resample', () => {
  it('removes what the lower rate cannot hold', () => {
    expect(rms(resample(tone(9000, 0.5), Math.round(RATE / 4)))).toBeLessThan(0.02);
    expect(rms(resample(tone(1000, 0.5), Math.round(RATE / 4)))).toBeCloseTo(rms(tone(1000, 0.5)), 1);
  });
});
