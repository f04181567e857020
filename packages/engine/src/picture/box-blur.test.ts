import { expect, test } from 'vitest';
import { kernelFloats } from '../kernels/kernel-memory.js';
import { boxBlur } from './box-blur.js';

test('keeps a flat mask and spreads an edge over its width', () => {
  const flat = new Float32Array(400).fill(1);
  boxBlur(flat, 20, 20, 3);
  for (const value of flat) expect(value).toBeCloseTo(1, 5);
  const edge = Float32Array.from({ length: 400 }, (_, i) => (i % 20 < 10 ? 0 : 1));
  boxBlur(edge, 20, 20, 2);
  expect([...edge.subarray(0, 20)].filter((v) => v > 0.01 && v < 0.99)).toHaveLength(4);
});

/** The mean over a square of pixels, those outside replaced by the nearest inside. */
const plainBlur = (mask: Float32Array, width: number, height: number, radius: number): number[] =>
  Array.from(mask, (_, i) => {
    let sum = 0;
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const x = Math.max(0, Math.min(width - 1, (i % width) + dx));
        const y = Math.max(0, Math.min(height - 1, Math.floor(i / width) + dy));
        sum += mask[y * width + x];
      }
    }
    return sum / (2 * radius + 1) ** 2;
  });

test.each([
  [8, 6, 1],
  [7, 5, 2],
  [9, 4, 6],
  [1, 3, 1],
  [30, 1, 4],
])('is the mean of the pixels around: %i x %i, radius %i', (width, height, radius) => {
  const mask = Float32Array.from({ length: width * height }, (_, k) => Math.sin(k * k));
  const expected = plainBlur(mask, width, height, radius);
  const room = kernelFloats(width * height + 8).fill(7);
  const inKernelMemory = room.subarray(4, 4 + width * height);
  inKernelMemory.set(mask);
  boxBlur(mask, width, height, radius);
  boxBlur(inKernelMemory, width, height, radius);
  expected.forEach((value, k) => {
    expect(mask[k]).toBeCloseTo(value, 5);
  });
  expect([...inKernelMemory]).toEqual([...mask]);
  expect([...room.subarray(0, 4), ...room.subarray(-4)]).toEqual(new Array(8).fill(7));
});
