import { expect, test } from 'vitest';
import type { Pose } from '../face/pose.js';
import { sheetToPixels } from './head-plane.js';

const posed = (yaw: number): Pose => {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  return {
    rotation: Float64Array.of(c, 0, s, 0, 1, 0, -s, 0, c),
    scale: 20,
    translation: Float64Array.of(300, -200, 0),
    yaw: (yaw * 180) / Math.PI,
    pitch: 0,
    roll: 0,
    residual: 0,
  } as unknown as Pose;
};

test('a face that looks ahead shows the sheet as it is, downwards below the nose', () => {
  const [x, y] = sheetToPixels(1, 2, [0, 0, 0], posed(0));
  expect(x).toBeCloseTo(320, 6);
  expect(y).toBeCloseTo(240, 6);
});

test('a turned head shows less of the far side: the sheet is bent back like a row of teeth', () => {
  const at = (x: number) => sheetToPixels(x, 2, [0, 0, 0], posed(0.4))[0];
  const [near, middle, far] = [at(-2), at(0), at(2)];
  expect(Math.abs(far - middle)).toBeLessThan(0.75 * Math.abs(near - middle));
});
