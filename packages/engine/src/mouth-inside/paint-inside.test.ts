import { expect, test } from 'vitest';
import { SHEET_TOP } from './head-plane.js';
import { sheetGrid } from './inside-view.js';
import type { MouthColours } from './mouth-colours.js';
import { type SheetPicture, sheetPicture } from './mouth-inside.js';
import { paintLower, paintUpper, usualEdges } from './paint-inside.js';

const colours: MouthColours = {
  cavity: [25, 126, 134],
  rim: [50, 124, 146],
  tongue: [80, 122, 150],
  tooth: [170, 122, 132],
  shadedTooth: [70, 122, 142],
};
const grid = sheetGrid(20);
const MEETS = 2.4;
const edges = usualEdges(MEETS);
const inside = {
  upper: sheetPicture(grid, paintUpper(grid, colours, edges.upper)),
  lower: sheetPicture(grid, paintLower(grid, colours, edges.lower)),
};

const opacityAt = (picture: SheetPicture, x: number, y: number): number =>
  picture.opacity.data[
    Math.floor((y - SHEET_TOP) * grid.perCm) * grid.width + grid.width / 2 + Math.round(x * grid.perCm)
  ];

test('the upper front teeth end two millimetres below where the lips meet', () => {
  expect(opacityAt(inside.upper, 0.4, MEETS)).toBe(255);
  expect(opacityAt(inside.upper, 0.4, MEETS + 0.5)).toBe(0);
});

test('the lower teeth stand behind the upper ones while the jaw is closed', () => {
  expect(opacityAt(inside.lower, 0.3, MEETS - 0.4)).toBeLessThan(60);
  expect(opacityAt(inside.lower, 0.3, MEETS + 0.5)).toBe(255);
});

test('both rows end before the cheeks', () => {
  expect(opacityAt(inside.upper, 3.1, MEETS - 0.5)).toBe(0);
  expect(opacityAt(inside.lower, 3.1, MEETS + 1)).toBe(0);
});
