import { expect, test } from 'vitest';
import type { InsideView } from './inside-view.js';
import type { RowCells } from './mouth-inside.js';
import { completed, type LearntRow, learntRow } from './row-picture.js';
import { ROW, upperRowView } from './row-view.test.fixture.js';
import { splitRows } from './split-rows.js';

const TONE = [155, 126, 131] as const;
const { grid } = ROW;
const learnt = (view: InsideView, detailLost = 1): LearntRow =>
  learntRow({ view, split: splitRows(view), detailLost }, 'upper', TONE);
const at = (plane: Float32Array, col: number, line: number) => plane[line * grid.width + col];
const MIDDLE = 50;

/** Painted teeth of luma 120 that end one cell above the learnt ones. */
const painted: RowCells = {
  luma: new Float32Array(grid.width * grid.height).fill(120),
  u: new Float32Array(grid.width * grid.height).fill(126),
  v: new Float32Array(grid.width * grid.height).fill(131),
  opacity: Float32Array.from({ length: grid.width * grid.height }, (_, k) =>
    Math.floor(k / grid.width) < ROW.EDGE - 1 ? 1 : 0,
  ),
};

test('a learnt row ends at its edge, whatever is painted there', () => {
  const row = completed(learnt(upperRowView()), painted, grid);
  expect(at(row.opacity, MIDDLE, ROW.EDGE - 1)).toBeGreaterThan(0.8);
  expect(at(row.opacity, MIDDLE, ROW.EDGE + 3)).toBe(0);
  expect(at(row.luma, MIDDLE, ROW.EDGE - 4)).toBeCloseTo(at(upperRowView().luma, MIDDLE, ROW.EDGE - 4), -1);
});

test('behind the lip and beyond its ends a row goes on as it is painted, not in the colour of the lip', () => {
  const row = completed(learnt(upperRowView()), painted, grid);
  for (const [col, line] of [
    [MIDDLE, ROW.TOP - 8],
    [MIDDLE, ROW.TOP - 1],
    [ROW.LEFT - 8, ROW.EDGE - 4],
    [ROW.RIGHT + 8, ROW.EDGE - 4],
  ]) {
    expect(at(row.luma, col, line)).toBeCloseTo(120, 0);
    expect(at(row.v, col, line)).toBeCloseTo(131, 0);
    expect(at(row.opacity, col, line)).toBe(1);
  }
});

test('columns in the dark of a corner are no teeth of the row', () => {
  const view = upperRowView();
  const dark = ROW.LEFT + 16;
  for (let line = ROW.TOP; line < ROW.EDGE; line++) {
    for (let col = ROW.LEFT; col < dark; col++) view.luma[line * grid.width + col] = 80;
  }
  const { first, last, light } = learnt(view);
  expect(first).toBeGreaterThan(dark - 5);
  expect(last).toBeGreaterThan(ROW.RIGHT - 4);
  expect(light[first + 12]).toBeGreaterThan(0.85);
  expect(light[first]).toBeLessThan(0.7);
});

test('teeth that shine keep less than half of what is beyond their tone', () => {
  const view = { ...upperRowView(), skinLuma: 140 };
  const k = (ROW.EDGE - 6) * grid.width + MIDDLE;
  for (const near of [k, k - 1, k + 1, k - grid.width, k + grid.width]) view.luma[near] = 225;
  const shining = 16 + 1.15 * (TONE[0] - 16);
  expect(learnt(view).cells.luma[k]).toBeCloseTo(shining + 0.4 * (225 - shining), 0);
});

test('the detail that averaging took is given back', () => {
  const spread = (row: LearntRow) =>
    at(row.cells.luma, 48, ROW.EDGE - 6) - at(row.cells.luma, 54, ROW.EDGE - 6);
  expect(spread(learnt(upperRowView(), 1.3))).toBeGreaterThan(spread(learnt(upperRowView())) + 0.3);
});
