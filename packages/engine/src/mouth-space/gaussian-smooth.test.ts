import { expect, test } from 'vitest';
import { gaussianSmooth } from './gaussian-smooth.js';

test('a constant stays constant, ends included', () => {
  const values = new Float32Array(20).fill(3);
  gaussianSmooth(values, 1, 0, 20, 2);
  for (const value of values) expect(value).toBeCloseTo(3, 5);
});

test('nothing leaks across the borders of the range', () => {
  const values = Float32Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1));
  gaussianSmooth(values, 1, 0, 10, 3);
  gaussianSmooth(values, 1, 10, 20, 3);
  expect([...values]).toEqual([...new Array(10).fill(0), ...new Array(10).fill(1)]);
});

test('a peak spreads to both sides alike and keeps its sum', () => {
  const values = new Float32Array(41);
  values[20] = 1;
  gaussianSmooth(values, 1, 0, 41, 2);
  expect(values[18]).toBeCloseTo(values[22], 6);
  expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  expect(values[20]).toBeLessThan(0.25);
});
