import { expect, test } from 'vitest';
import { softenAlong } from './soften-line.js';

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
