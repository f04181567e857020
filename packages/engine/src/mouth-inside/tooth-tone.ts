import { type InsideView, medianOf } from './inside-view.js';
import type { Yuv } from './mouth-colours.js';
import { isThere, lipRedness, type Row, type RowSplit, seenColumns } from './split-rows.js';

/** Teeth are looked at within so many cm of their edge. */
const STRIP = 0.3;
/** A narrower row, in cm, tells too little to draw from. */
const LEAST_WIDTH = 1.8;
/**
 * Brightness against the skin over redness against the lips, above which a row is teeth. Measured on 17 clips: teeth 1.08
 * to 3.5; lips and tongues taken for a row 0.4 to 1.0.
 */
const TEETH = 1.05;
/** Redness over brightness that no tooth has, however red the lips: V above neutral per luma above black. */
const TOO_RED = 0.22;
/** Of the strip's cells, sorted by luma, where a tooth's own colour lies: above gaps and gums, below shine. */
const TONE_FROM = 0.5;
const TONE_TO = 0.85;

/** Colour of the teeth of a row, or undefined when what looks like one is a lip, gums or the tongue, or is too little. */
export const toothTone = (view: InsideView, split: RowSplit, row: Row): Yuv | undefined => {
  const { grid, luma, u, v, inside, skinLuma } = view;
  const there = isThere(split, row);
  const [first, last] = seenColumns(there, grid.width, Math.round(0.3 * grid.perCm));
  if (last - first < LEAST_WIDTH * grid.perCm) return undefined;
  const depth = Math.round(STRIP * grid.perCm);
  const cells: [number, number, number][] = [];
  for (let x = first; x <= last; x++) {
    if (!there(x)) continue;
    for (let d = 1; d <= depth; d++) {
      const y = Math.round(row === 'upper' ? split.upperEdge[x] - d : split.lowerEdge[x] + d - 1);
      const k = y * grid.width + x;
      if (inside[k]) cells.push([luma[k], u[k], v[k]]);
    }
  }
  const mean = (list: typeof cells, c: number) =>
    list.reduce((sum, cell) => sum + cell[c], 0) / Math.max(1, list.length);
  const brightness = (mean(cells, 0) - 16) / skinLuma;
  const redness = Math.max(0.2, (mean(cells, 2) - 128) / lipRedness(view));
  if (!(brightness / redness >= TEETH)) return undefined;
  if (mean(cells, 2) - 128 > TOO_RED * (mean(cells, 0) - 16)) return undefined;
  cells.sort((a, b) => a[0] - b[0]);
  const tooth = cells.slice(Math.floor(TONE_FROM * cells.length), Math.ceil(TONE_TO * cells.length));
  // Lips and gums lend their red to what is near them: the less red half counts twice.
  const middleRed = medianOf(tooth.map((cell) => cell[2]));
  const own = [...tooth, ...tooth.filter((cell) => cell[2] <= middleRed)];
  return [mean(tooth, 0), mean(own, 1), mean(own, 2)];
};

/** Of all pictures of a person's teeth, where the least red ones lie that are no accident. */
const LEAST_RED = 0.2;

/** A tone with the tint that the person's teeth have where least of the lips' red lies on them. @param all of both rows */
export const freeOfLips = (tone: Yuv, all: readonly Yuv[]): Yuv => {
  const redness = ([luma, , v]: Yuv) => (v - 128) / (luma - 16);
  const sorted = [...all].sort((a, b) => redness(a) - redness(b));
  const clean = sorted[Math.floor(LEAST_RED * sorted.length)] ?? tone;
  if (redness(clean) >= redness(tone)) return tone;
  const share = (tone[0] - 16) / (clean[0] - 16);
  return [tone[0], 128 + share * (clean[1] - 128), 128 + share * (clean[2] - 128)];
};
