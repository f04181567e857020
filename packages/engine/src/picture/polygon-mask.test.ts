import { expect, test } from 'vitest';
import { fillPolygon } from './polygon-mask.js';

const box = { x: 10, y: 20, width: 20, height: 20 };
const sum = (mask: Float32Array) => mask.reduce((a, b) => a + b, 0);

test('a polygon fills the pixels whose centres it holds', () => {
  const mask = new Float32Array(400);
  fillPolygon([12, 22, 20, 22, 20, 30, 12, 30], box, mask, 1);
  expect(sum(mask)).toBe(64);
  expect(mask[2 * 20 + 2]).toBe(1);
  expect(mask[2 * 20 + 1]).toBe(0);
});

test('a hollow polygon stays hollow', () => {
  const mask = new Float32Array(400);
  // A U: the notch from x = 15 to 17 reaches down to y = 28.
  fillPolygon([12, 22, 15, 22, 15, 28, 17, 28, 17, 22, 20, 22, 20, 30, 12, 30], box, mask, 1);
  expect(mask[3 * 20 + 5]).toBe(0);
  expect(mask[9 * 20 + 5]).toBe(1);
});

test('parts outside the box are cut off', () => {
  const mask = new Float32Array(400);
  fillPolygon([0, 0, 100, 0, 100, 100, 0, 100], box, mask, 1);
  expect(sum(mask)).toBe(400);
});
