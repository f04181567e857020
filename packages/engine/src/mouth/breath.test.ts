import { expect, it } from 'vitest';
import { breaths } from './breath.js';

const RATE = 100;

/** Speech from and to these seconds of four. */
const speaking = (...stretches: readonly (readonly [number, number])[]): Float32Array => {
  const curve = new Float32Array(4 * RATE);
  for (const [from, to] of stretches) curve.fill(1, from * RATE, to * RATE);
  return curve;
};

const widest = (parted: Float32Array, from: number, to: number): number =>
  Math.max(...parted.subarray(from * RATE, to * RATE));

it('parts the lips before the first sound and in long pauses, not in short ones nor within speech', () => {
  const parted = breaths(speaking([1, 1.5], [1.7, 2], [3, 4]), RATE);
  expect(widest(parted, 0.7, 0.9)).toBeCloseTo(0.2, 2);
  expect(widest(parted, 0, 0.3)).toBeLessThan(0.01);
  expect(widest(parted, 1.1, 2)).toBeLessThan(0.01);
  expect(widest(parted, 2.7, 2.9)).toBeCloseTo(0.2, 2);
  expect(widest(parted, 3.1, 4)).toBeLessThan(0.01);
});

it('breathes less in a shorter pause, and never without speech after it', () => {
  const parted = breaths(speaking([0, 1], [1.4, 2]), RATE);
  expect(widest(parted, 1, 1.4)).toBeGreaterThan(0.03);
  expect(widest(parted, 1, 1.4)).toBeLessThan(0.12);
  expect(widest(parted, 2, 4)).toBe(0);
  expect(widest(breaths(speaking(), RATE), 0, 4)).toBe(0);
});
