import { expect, test } from 'vitest';
import { LANDMARK_COUNT } from '../face/face-track.js';
import { LOWER_LIP_COLUMNS, UPPER_LIP_COLUMNS } from '../face/landmark-indices.js';
import { takeFromWithinLips } from './lip-rim.js';

const IOD = 100;

/** Lips whose rings lie 3 pixels apart, `gap` pixels open. */
const lips = (gap: number): Float64Array => {
  const points = new Float64Array(2 * LANDMARK_COUNT);
  UPPER_LIP_COLUMNS.forEach((column, k) => {
    for (const [ring, i] of column.entries()) points.set([10 * k, 200 - 3 * ring], 2 * i);
  });
  LOWER_LIP_COLUMNS.slice(1, -1).forEach((column, k) => {
    for (const [ring, i] of column.entries()) points.set([10 * (k + 1), 200 + gap + 3 * ring], 2 * i);
  });
  return points;
};

test('lips of an open mouth are taken from a little within them', () => {
  const points = lips(10);
  takeFromWithinLips(points, IOD);
  expect(points[2 * 13 + 1]).toBeCloseTo(200 - 3 * 0.34, 6);
  expect(points[2 * 14 + 1]).toBeCloseTo(210 + 3 * 0.34, 6);
});

test('closed lips keep the crease between them', () => {
  const points = lips(0.5);
  takeFromWithinLips(points, IOD);
  expect(points).toEqual(lips(0.5));
});

test('closed lips that are drawn open leave their crease behind', () => {
  const points = lips(0.5);
  takeFromWithinLips(points, IOD, 0.1);
  expect(points[2 * 13 + 1]).toBeCloseTo(200 - 3 * 0.34, 6);
  expect(points[2 * 14 + 1]).toBeCloseTo(200.5 + 3 * 0.34, 6);
});
