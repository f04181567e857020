import { expect, test } from 'vitest';
import { evenBoxAround, halfBox } from './pixel-box.js';

const frame = { x: 0, y: 0, width: 100, height: 80 };
const points = Float64Array.of(20.5, 30.2, 41.9, 35, 33, 50.1, -500, -500);

test('holds the listed points and the margin, on even pixels', () => {
  const box = evenBoxAround(points, [0, 1, 2], 3, frame);
  expect(box).toEqual({ x: 16, y: 26, width: 30, height: 28 });
  expect(halfBox(box)).toEqual({ x: 8, y: 13, width: 15, height: 14 });
});

test('ends where its bounds do', () => {
  expect(evenBoxAround(points, [0, 1, 2], 60, frame)).toEqual(frame);
  const within = { x: 10, y: 40, width: 20, height: 20 };
  expect(evenBoxAround(points, [0, 1, 2], 3, within)).toEqual({ x: 16, y: 40, width: 14, height: 14 });
});

test('is empty where no point is near', () => {
  expect(evenBoxAround(points, [3], 3, frame)).toMatchObject({ width: 0, height: 0 });
});
