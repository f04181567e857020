import { expect, test } from 'vitest';
import { addressOf, kernelBytes, kernelFloats } from './kernel-memory.js';
import { layerKernels } from './layer-kernels.js';

/** The same every time, from 0 to 1. */
const noise = (k: number): number => (1 + Math.sin(k * 12.9898 + (k % 7))) / 2;
const fill = <Numbers extends Uint8ClampedArray | Float32Array>(
  numbers: Numbers,
  from: number,
  most: number,
): Numbers => {
  for (let k = 0; k < numbers.length; k++) numbers[k] = most * noise(k + from);
  return numbers;
};
const bytes = (length: number, from: number): Uint8ClampedArray => fill(kernelBytes(length), from, 255);
const some = (length: number, from: number): Uint8ClampedArray => {
  const marks = kernelBytes(length);
  for (let k = 0; k < length; k++) marks[k] = noise(k + from) > 0.2 ? 1 : 0;
  return marks;
};

/** Values that are half-way between two bytes may become either. */
const expectNear = (seen: Uint8ClampedArray, expected: readonly number[]): void =>
  expected.forEach((value, k) => {
    expect(Math.abs(seen[k] - Math.max(0, Math.min(255, value))), `at ${k}`).toBeLessThan(0.5001);
  });

test.each([8, 9, 11, 16])('sharpens where a pixel and its neighbours are covered, width %i', (width) => {
  const height = 7;
  const data = bytes(width * height, 1);
  const covered = some(width * height, 50);
  const before = [...data];
  const expected = before.map((own, k) => {
    const [x, y] = [k % width, Math.floor(k / width)];
    const around = [k - 1, k + 1, k - width, k + width];
    const isInner = x > 0 && y > 0 && x < width - 1 && y < height - 1;
    if (!isInner || !around.every((at) => covered[at])) return own;
    return own + 0.37 * (own - around.reduce((sum, at) => sum + before[at], 0) / 4);
  });
  layerKernels.sharpen(
    ...([addressOf(data), addressOf(covered), width, height, 0.37] as const),
    addressOf(kernelBytes(2 * width)),
  );
  expectNear(data, expected);
  expect([...data]).not.toEqual(before);
});

test.each([3, 4, 6, 9])('adds a layer in the colours of the base, width %i', (width) => {
  const [height, stride] = [5, 20];
  const size = width * height;
  const room = fill(kernelFloats(size + 4), 3, 9);
  const sum = room.subarray(0, size);
  const [layer, base] = [bytes(size, 5), bytes(stride * height, 6)];
  const [covered, tone] = [some(size, 8), fill(kernelFloats(size), 9, 1)];
  const before = [...room];
  layerKernels.accumulate(
    ...([addressOf(sum), addressOf(layer), addressOf(covered), addressOf(tone)] as const),
    ...([width, height, addressOf(base), stride] as const),
    ...([4, 7, -5, 11, 0.64] as const),
  );
  for (let k = 0; k < size; k++) {
    const [x, y] = [k % width, Math.floor(k / width)];
    const corrected = layer[k] + 4 + 7 * (x / width - 0.5) - 5 * (y / height - 0.5) + 11 * tone[k];
    expect(sum[k]).toBeCloseTo(before[k] + 0.64 * (covered[k] ? corrected : base[y * stride + x]), 3);
  }
  expect([...room.subarray(size)]).toEqual(before.slice(size));
});

test.each([3, 4, 6, 9])('blends a layer in by its opacity, width %i', (width) => {
  const [height, stride] = [5, 20];
  const size = width * height;
  const base = bytes(stride * height, 2);
  const before = [...base];
  const layer = fill(kernelFloats(size), 4, 300);
  const opacity = fill(kernelFloats(size), 6, 1);
  opacity.fill(0, 0, width);
  // What lies behind a row may be no number at all.
  kernelFloats(4).fill(Number.NaN);
  layerKernels.blend(
    ...([addressOf(base), stride, addressOf(layer), addressOf(opacity), width, height] as const),
  );
  const expected = before.map((value, k) => {
    const [x, y] = [k % stride, Math.floor(k / stride)];
    const at = y * width + x;
    return x < width ? value + opacity[at] * (layer[at] - value) : value;
  });
  expectNear(base, expected);
  expect([...base.subarray(0, width)]).toEqual(before.slice(0, width));
});

test('a blurred mask is full from a half on, and runs out smoothly', () => {
  const mask = kernelFloats(8);
  mask.set([0, 0.125, 0.25, 0.375, 0.5, 0.7, 1, 0]);
  layerKernels.feather(addressOf(mask), 8, 0.8);
  const expected = [0, 0.125, 0.4, 0.675, 0.8, 0.8, 0.8, 0];
  expected.forEach((value, k) => {
    expect(mask[k]).toBeCloseTo(value, 6);
  });
});
