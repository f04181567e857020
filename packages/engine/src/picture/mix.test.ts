import { expect, test } from 'vitest';
import { mixThrough } from './mix.js';

const plane = (...data: number[]) => ({
  data: Uint8ClampedArray.from(data),
  x: 0,
  y: 0,
  width: data.length,
  height: 1,
  stride: data.length,
});

test('a picture shows as far as it is opaque, in the light it is put in', () => {
  const out = plane(100, 100, 100);
  mixThrough(out, plane(116, 116, 116), plane(0, 255, 51), 16, 0.5, 3);
  expect([...out.data]).toEqual([100, 66, 93]);
});
