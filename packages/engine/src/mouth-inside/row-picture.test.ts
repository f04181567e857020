import { expect, test } from 'vitest';
import { learntRow } from './row-picture.js';
import { ROW, upperRowView } from './row-view.test.fixture.js';
import { splitRows } from './split-rows.js';

const view = upperRowView();
const row = learntRow(view, splitRows(view), 'upper', [155, 126, 131]);
const at = (plane: Float32Array, col: number, line: number) => plane[line * ROW.grid.width + col];

test('a learnt row ends at its edge and at its sides', () => {
  expect(at(row.cells.opacity, 50, ROW.EDGE - 3)).toBe(1);
  expect(at(row.cells.opacity, 50, ROW.EDGE + 3)).toBe(0);
  expect(at(row.cells.opacity, ROW.LEFT - 8, ROW.EDGE - 3)).toBe(0);
});

test('behind the lip the teeth go on, darker, and not in the colour of the lip', () => {
  const hidden = at(row.cells.luma, 50, ROW.TOP - 12);
  expect(at(row.cells.opacity, 50, ROW.TOP - 12)).toBe(1);
  expect(hidden).toBeLessThan(at(row.cells.luma, 50, ROW.EDGE - 5));
  expect(hidden).toBeGreaterThan(60);
  expect(at(row.cells.v, 50, ROW.TOP - 12)).toBeLessThan(136);
});
