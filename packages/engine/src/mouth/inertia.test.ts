import { expect, it } from 'vitest';
import { followed } from './inertia.js';

const RATE = 200;
const HEAVY = { delay: 0.03, smoothing: 0.06 };

/** 1 from 1 s on for so long, in two seconds. */
const pulse = (seconds: number): Float32Array =>
  Float32Array.from({ length: 2 * RATE }, (_, i) => (i >= RATE && i < RATE + seconds * RATE ? 1 : 0));

it('follows a step late by its delay', () => {
  const curve = followed(pulse(1), RATE, HEAVY);
  const half = curve.findIndex((value) => value >= 0.5);
  expect(half / RATE).toBeCloseTo(1.03, 2);
});

it('does not reach what lasts too short a time', () => {
  const widest = (seconds: number): number => Math.max(...followed(pulse(seconds), RATE, HEAVY));
  expect(widest(0.05)).toBeLessThan(0.4);
  expect(widest(0.3)).toBeGreaterThan(0.95);
});

it('stays where it is when nothing moves', () => {
  const still = followed(new Float32Array(100).fill(0.7), RATE, HEAVY);
  for (const value of still) expect(value).toBeCloseTo(0.7, 5);
});
