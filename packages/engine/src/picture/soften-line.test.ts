import { expect, test } from 'vitest';
import { bridgeAlong, darkenAlong, softenAlong } from './soften-line.js';

test('stairs along a line become a slope, what is further away stays', () => {
  const size = 20;
  const data = new Uint8ClampedArray(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) data[y * size + x] = y < 10 + (x > 9 ? 1 : 0) ? 40 : 140;
  const before = data.slice();
  softenAlong({ data, x: 5, y: 7, width: size, height: size, stride: size }, [5, 17, 25, 18]);
  const column = (x: number) => [8, 9, 10, 11, 12].map((y) => data[y * size + x]);
  expect(column(4)).toEqual([40, 65, 115, 140, 140]);
  expect(data.subarray(0, 7 * size)).toEqual(before.subarray(0, 7 * size));
});

test('a speck of tooth between two lips goes, a dark seam stays', () => {
  const size = 20;
  const data = new Uint8ClampedArray(size * size).fill(100);
  const plane = { data, x: 0, y: 0, width: size, height: size, stride: size };
  data.fill(60, 10 * size, 11 * size);
  data[10 * size + 8] = 190;
  data[9 * size + 8] = 150;
  darkenAlong(plane, [0, 10.5, 20, 10.5], 1);
  expect([8, 9, 10, 11].map((y) => data[y * size + 8])).toEqual([100, 100, 100, 100]);
  expect(data[10 * size + 3]).toBe(60);
});

test('a seam that runs beside its line is not cut into blocks', () => {
  const size = 40;
  const data = new Uint8ClampedArray(size * size).fill(120);
  const plane = { data, x: 0, y: 0, width: size, height: size, stride: size };
  // Where the seam crosses the row that is looked at, a single column would be darkened to its very tone.
  for (let x = 18; x < 22; x++) data.fill(30, 14 * size + x, 14 * size + x + 1);
  darkenAlong(plane, [0, 18.5, 40, 18.5], 2);
  const steps = Array.from({ length: 38 }, (_, x) => Math.abs(data[18 * size + x + 1] - data[18 * size + x]));
  expect(Math.max(...steps)).toBeLessThan(20);
});

test('the chroma of a speck becomes that of the lips beside it', () => {
  const size = 10;
  const data = new Uint8ClampedArray(size * size).fill(150);
  data[5 * size + 4] = 128;
  bridgeAlong({ data, x: 0, y: 0, width: size, height: size, stride: size }, [0, 11, 20, 11], 0);
  expect(data.every((value) => value === 150)).toBe(true);
});
