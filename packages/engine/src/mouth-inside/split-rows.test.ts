import { expect, test } from 'vitest';
import { type InsideView, sheetGrid } from './inside-view.js';
import { splitRows } from './split-rows.js';

const grid = sheetGrid(16);
const LEFT = 20;
const RIGHT = 84;

/** Lips around an opening from row 20 to 50 that shows these rows of luma, the same in every column. */
const viewOf = (lumaAt: (row: number) => number): InsideView => {
  const size = grid.width * grid.height;
  const view = {
    grid,
    luma: new Float32Array(size).fill(110),
    u: new Float32Array(size).fill(124),
    v: new Float32Array(size).fill(150),
    inside: new Uint8Array(size),
    skinLuma: 110,
  };
  for (let row = 20; row < 50; row++) {
    for (let col = LEFT; col < RIGHT; col++) {
      const k = row * grid.width + col;
      view.inside[k] = 1;
      view.luma[k] = lumaAt(row);
      if (view.luma[k] > 100) view.v[k] = 131;
    }
  }
  return view;
};

test('teeth above and below a dark gap end where the light falls half-way', () => {
  const split = splitRows(viewOf((row) => (row < 30 ? 170 : row < 42 ? 25 : 150)));
  for (let x = LEFT + 3; x < RIGHT - 3; x++) {
    expect(split.upperEdge[x]).toBeCloseTo(30, 0);
    expect(split.lowerEdge[x]).toBeCloseTo(42, 0);
  }
  expect(split.upperArea).toBeGreaterThan(1);
});

test('a dark opening has no teeth', () => {
  const split = splitRows(viewOf((row) => (row < 47 ? 25 : 80)));
  expect(split.upperArea).toBeLessThan(0.1);
});

test('nothing above the known edge of the upper teeth is taken for the jaw', () => {
  // A bright tongue touches the teeth, and the darkest row is their own shade under the lip.
  const view = viewOf((row) => (row < 22 ? 30 : row < 32 ? 170 : row < 34 ? 60 : 140));
  const split = splitRows(view, new Float32Array(grid.width).fill(32));
  for (let x = LEFT + 3; x < RIGHT - 3; x++) expect(split.lowerEdge[x]).toBeGreaterThanOrEqual(32);
});
