import { expect, test } from 'vitest';
import { toRgb, toYuv } from './mouth-colours.js';

test('colours survive the way to YUV and back', () => {
  for (const rgb of [
    [255, 255, 255],
    [0, 0, 0],
    [180, 120, 100],
    [12, 200, 40],
  ] as const) {
    toRgb(toYuv(rgb)).forEach((value, c) => {
      expect(value).toBeCloseTo(rgb[c], 1);
    });
  }
});

test('white and black are the ends of the limited range', () => {
  expect(toYuv([255, 255, 255])[0]).toBeCloseTo(235, 1);
  expect(toYuv([0, 0, 0])[0]).toBeCloseTo(16, 1);
});
