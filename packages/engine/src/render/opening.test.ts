import { expect, test } from 'vitest';
import { LANDMARK_COUNT } from '../face/face-track.js';
import {
  INNER_LOWER,
  INNER_UPPER,
  LIP_COLUMNS,
  MOUTH_LEFT,
  MOUTH_RIGHT,
  OPENING_PROFILE,
} from '../face/landmark-indices.js';
import { Opening } from './opening.js';

const IOD = 200;
const REGION = { x: 100, y: 100, width: 140, height: 60 };
const MIDDLE = 130;

/** Inner lips from x = 120 to 220 around y = 130, open by `gap` pixels in the middle. */
const lips = (gap: number): Float64Array => {
  const points = new Float64Array(2 * LANDMARK_COUNT);
  for (let k = 0; k < LIP_COLUMNS; k++) {
    const x = 120 + (100 * k) / (LIP_COLUMNS - 1);
    points.set([x, MIDDLE - (gap / 2) * OPENING_PROFILE[k]], 2 * INNER_UPPER[k]);
    points.set([x, MIDDLE + (gap / 2) * OPENING_PROFILE[k]], 2 * INNER_LOWER[k]);
  }
  points.set([110, MIDDLE], 2 * MOUTH_LEFT);
  points.set([230, MIDDLE], 2 * MOUTH_RIGHT);
  return points;
};

const at = (values: ArrayLike<number>, x: number, y: number) =>
  values[(y - REGION.y) * REGION.width + x - REGION.x];

test('an opening is full between the lips, soft at their edge, and nothing beyond', () => {
  const opening = new Opening();
  opening.mark(lips(30), REGION, IOD);
  expect(at(opening.luma, 170, MIDDLE)).toBeCloseTo(1);
  expect(at(opening.hole, 170, MIDDLE)).toBe(1);
  expect(at(opening.luma, 170, MIDDLE - 25)).toBe(0);
  const edge = at(opening.luma, 170, MIDDLE - 15);
  expect(edge).toBeGreaterThan(0.1);
  expect(edge).toBeLessThan(0.9);
});

test('closed lips leave no hole', () => {
  const opening = new Opening();
  opening.mark(lips(0), REGION, IOD);
  expect([...opening.hole].filter((hole) => hole === 1)).toHaveLength(0);
});

test('depth is counted from the edge of the upper lip down', () => {
  const opening = new Opening();
  const points = lips(30);
  opening.mark(points, REGION, IOD);
  const depth = new Float32Array(REGION.width * REGION.height);
  opening.depths(points, REGION, IOD, depth);
  expect(at(depth, 170, MIDDLE - 15)).toBeCloseTo(0, 1);
  expect(at(depth, 170, MIDDLE + 5)).toBeCloseTo(20.5 / IOD, 2);
});
