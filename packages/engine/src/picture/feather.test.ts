import { expect, test } from 'vitest';
import { Feather, halveMask } from './feather.js';

const box = { x: 100, y: 40, width: 60, height: 60 };
/** A square from 20 to 40 of the box. */
const square = [120, 60, 140, 60, 140, 80, 120, 80];
const RADIUS = 4;

const row = (mask: Float32Array): number[] => [...mask.subarray(30 * box.width, 31 * box.width)];

test('is full in the polygon, falls steadily around it, and is gone two radii outside', () => {
  const { luma } = new Feather().around(square, box, RADIUS, 1);
  const across = row(luma);
  for (let x = 22; x < 38; x++) expect(across[x]).toBeCloseTo(1, 5);
  for (let x = 0; x < 20 - 2 * RADIUS - 1; x++) expect(across[x]).toBe(0);
  for (let x = 41; x < 60; x++) expect(across[x]).toBeLessThanOrEqual(across[x - 1]);
  expect(across[42]).toBeGreaterThan(0);
  expect(across[42]).toBeLessThan(1);
});

test('is as strong as asked', () => {
  const { luma, chroma } = new Feather().around(square, box, RADIUS, 0.6);
  expect(Math.max(...luma)).toBeCloseTo(0.6, 5);
  expect(Math.max(...chroma)).toBeCloseTo(0.6, 5);
});

test('does not remember an earlier, larger polygon', () => {
  const feather = new Feather();
  feather.around([100, 40, 160, 40, 160, 100, 100, 100], box, RADIUS, 1);
  const again = feather.around(square, box, RADIUS, 1);
  expect([...again.luma]).toEqual([...new Feather().around(square, box, RADIUS, 1).luma]);
});

test('a chroma pixel gets the mean of its four luma pixels', () => {
  const half = new Float32Array(2);
  halveMask(Float32Array.of(1, 0, 1, 1, 0, 1, 1, 1), 4, 2, half);
  expect([...half]).toEqual([0.5, 1]);
});
