import { expect, test } from 'vitest';
import { growIntoHole } from './grow-edge.js';

const plane = (data: number[], width: number) => ({
  data: Uint8ClampedArray.from(data),
  x: 10,
  y: 20,
  width,
  height: data.length / width,
  stride: width,
});

test('a hole takes the mean of its filled neighbours, ring by ring, and no further than asked', () => {
  const size = 9;
  const picture = plane(new Array(size * size).fill(100), size);
  const hole = new Uint8Array(size * size);
  for (let y = 1; y < 8; y++) {
    for (let x = 1; x < 8; x++) {
      hole[y * size + x] = 1;
      picture.data[y * size + x] = 0;
    }
  }
  growIntoHole(picture, hole, 10, 20, size, size, 2);
  expect(picture.data[1 * size + 4]).toBe(100);
  expect(picture.data[2 * size + 4]).toBe(100);
  expect(picture.data[3 * size + 4]).toBe(0);
});
