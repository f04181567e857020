import { expect, test } from 'vitest';
import { averageViews, type WeighedView } from './average-views.js';
import { ROW, toothLuma, upperRowView, type ViewShape } from './row-view.test.fixture.js';
import { splitRows } from './split-rows.js';

/** Noise that differs from view to view, -12 to 12. */
const noiseOf = (seed: number) => (k: number) => {
  const hash = Math.sin(12.9898 * k + 78.233 * seed) * 43758.5453;
  return 24 * (hash - Math.floor(hash)) - 12;
};
const weighed = (shape: ViewShape): WeighedView => {
  const view = upperRowView(shape);
  return { view, split: splitRows(view), worth: 1 };
};

const errorOf = ({ luma }: { luma: Float32Array }): number => {
  let sum = 0;
  let n = 0;
  for (let row = ROW.TOP + 4; row < ROW.EDGE - 3; row++) {
    for (let col = ROW.LEFT + 4; col < ROW.RIGHT - 4; col++) {
      sum += Math.abs(luma[row * ROW.grid.width + col] - toothLuma(col));
      n++;
    }
  }
  return sum / n;
};

test('views that lie a little apart are laid on each other, and their noise goes', () => {
  const reference = weighed({ noise: noiseOf(1) });
  const others = [2, 3, 4].map((seed) => weighed({ noise: noiseOf(seed), dx: seed - 3, dy: 3 - seed }));
  const mean = averageViews(reference, others, 'upper');
  expect(errorOf(reference.view)).toBeGreaterThan(5);
  expect(errorOf(mean.view)).toBeLessThan(0.65 * errorOf(reference.view));
  expect(mean.detailLost).toBeGreaterThan(1.2);
});

test('what the lip hid in one view another shows', () => {
  const reference = weighed({ top: ROW.TOP + 4, noise: noiseOf(1) });
  const mean = averageViews(reference, [weighed({ noise: noiseOf(2) })], 'upper');
  const col = 50;
  expect(reference.split.top[col]).toBe(ROW.TOP + 4);
  expect(mean.split.top[col]).toBe(ROW.TOP);
  expect(mean.view.luma[(ROW.TOP + 1) * ROW.grid.width + col]).toBeGreaterThan(110);
});

test('a view of something else is left out', () => {
  const reference = weighed({ noise: noiseOf(1) });
  const other = weighed({ noise: noiseOf(2) });
  for (let k = 0; k < other.view.luma.length; k++) other.view.luma[k] = 190 - other.view.luma[k];
  expect(averageViews(reference, [other], 'upper').view.luma).toEqual(reference.view.luma);
});
