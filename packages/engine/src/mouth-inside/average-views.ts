import { overNeighbours } from '../picture/over-neighbours.js';
import type { InsideView } from './inside-view.js';
import { isThere, type Row, type RowSplit } from './split-rows.js';

/** A picture of the inside, and how much it is worth against others. */
export type WeighedView = { readonly view: InsideView; readonly split: RowSplit; readonly worth: number };

/** Views are laid on each other within so many cm: landmarks are not better than that. */
const SHIFT = 0.16;
/** A lower row is looked for within so many cm of where its edge says that the jaw is. */
const LOOK = 0.2;
/** Views of another row, blurred ones and those of another light do not match so well (correlation). */
const SAME_ROW = 0.8;
/** Of the cells, every so many-th is compared. */
const COMPARED = 3;
/** More views than this add no detail. */
const MOST_VIEWS = 5;
/** Share of the reference's cells that a view must show. */
const LEAST_SHARE = 0.5;
const BLACK = 16;
/** The lip darkens the teeth within so many cm. */
const LIP_SHADOW = 0.22;

type Match = { readonly other: WeighedView; readonly dx: number; readonly dy: number; readonly r: number };

/** Cells of the row in a view, with what is beside its edge: that is where its shape shows. */
const rowCellsOf = ({ grid, inside }: InsideView, split: RowSplit, row: Row): Int32Array => {
  const beyond = Math.round(0.15 * grid.perCm);
  const there = isThere(split, row);
  const cells: number[] = [];
  for (let x = 0; x < grid.width; x++) {
    if (!there(x)) continue;
    const from = row === 'upper' ? split.top[x] : Math.floor(split.lowerEdge[x]) - beyond;
    const to = row === 'upper' ? Math.ceil(split.upperEdge[x]) + beyond : split.bottom[x];
    for (let y = Math.max(0, from); y < Math.min(grid.height, to); y++) {
      if (inside[y * grid.width + x]) cells.push(y * grid.width + x);
    }
  }
  return Int32Array.from(cells.filter((_, k) => k % COMPARED === 0));
};

const correlate = (
  reference: InsideView,
  other: InsideView,
  cells: Int32Array,
  dx: number,
  dy: number,
): number => {
  const { width, height } = reference.grid;
  let [n, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (const k of cells) {
    const x = (k % width) + dx;
    const y = Math.floor(k / width) + dy;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const m = y * width + x;
    if (!other.inside[m]) continue;
    const p = reference.luma[k];
    const q = other.luma[m];
    n++;
    a += p;
    b += q;
    aa += p * p;
    bb += q * q;
    ab += p * q;
  }
  if (n < LEAST_SHARE * cells.length) return -1;
  return (n * ab - a * b) / Math.sqrt(Math.max(1e-9, (n * aa - a * a) * (n * bb - b * b)));
};

/** By how much a row's edge lies lower in another view, in cells. */
const edgeShift = (reference: WeighedView, other: WeighedView, row: Row): number => {
  if (row === 'upper') return 0;
  const [here, there] = [isThere(reference.split, row), isThere(other.split, row)];
  const differences: number[] = [];
  for (let x = 0; x < reference.view.grid.width; x++) {
    if (here(x) && there(x)) differences.push(other.split.lowerEdge[x] - reference.split.lowerEdge[x]);
  }
  differences.sort((a, b) => a - b);
  return Math.round(differences[differences.length >> 1] ?? 0);
};

const matchOf = (reference: WeighedView, other: WeighedView, row: Row, cells: Int32Array): Match => {
  const { perCm } = reference.view.grid;
  const reach = Math.max(1, Math.round(SHIFT * perCm));
  const look = row === 'upper' ? reach : Math.max(1, Math.round(LOOK * perCm));
  const start = edgeShift(reference, other, row);
  let best: Match = { other, dx: 0, dy: 0, r: -1 };
  const search = (around: Pick<Match, 'dx' | 'dy'>, x: number, y: number, step: number) => {
    for (let dy = around.dy - y; dy <= around.dy + y; dy += step) {
      for (let dx = around.dx - x; dx <= around.dx + x; dx += step) {
        const r = correlate(reference.view, other.view, cells, dx, dy);
        if (r > best.r) best = { other, dx, dy, r };
      }
    }
  };
  search({ dx: 0, dy: start }, reach, look, 2);
  search(best, 1, 1, 1);
  return best;
};

/** How far a view's cells are to be believed, 0 to 1: next to the lip its shadow and its red lie on the teeth. */
const trustIn = ({ view: { grid, inside }, split }: WeighedView, row: Row): Float32Array => {
  const rim = LIP_SHADOW * grid.perCm;
  return Float32Array.from(inside, (on, k) => {
    if (!on) return 0;
    const [x, y] = [k % grid.width, Math.floor(k / grid.width)];
    const fromLip = row === 'upper' ? y + 1 - split.top[x] : split.bottom[x] - y;
    return Math.max(0.05, Math.min(1, fromLip / rim));
  });
};

/** How much brighter the reference is where both show the row. */
const lightOver = (
  reference: InsideView,
  other: InsideView,
  cells: Int32Array,
  dx: number,
  dy: number,
): number => {
  const shift = dy * reference.grid.width + dx;
  let [here, there] = [0, 0];
  for (const k of cells) {
    if (!other.inside[k + shift]) continue;
    here += reference.luma[k] - BLACK;
    there += other.luma[k + shift] - BLACK;
  }
  return there > 0 ? here / there : 1;
};

/** A row averaged over several pictures, and how many times more detail the single picture has: none lies quite on another. */
export type AveragedView = {
  readonly view: InsideView;
  readonly split: RowSplit;
  readonly detailLost: number;
};

/** Mean difference of the cells from their four neighbours. */
const detailOf = (luma: Float32Array, cells: Int32Array, width: number): number => {
  let sum = 1e-3;
  for (const k of cells) {
    if (k < width || k + width >= luma.length) continue;
    sum += Math.abs(overNeighbours(luma, k, width));
  }
  return sum;
};

/**
 * The reference with its row averaged over other pictures of the same row, each laid on it where they agree best: noise of
 * camera and codec goes, and what its lips hid another shows.
 */
export const averageViews = (
  reference: WeighedView,
  others: readonly WeighedView[],
  row: Row,
): AveragedView => {
  const { view, split } = reference;
  const { width, height } = view.grid;
  const cells = rowCellsOf(view, split, row);
  const matches = others
    .filter((other) => other.view !== view)
    .map((other) => matchOf(reference, other, row, cells))
    .filter(({ r }) => r >= SAME_ROW)
    .sort((a, b) => b.r * b.other.worth - a.r * a.other.worth)
    .slice(0, MOST_VIEWS);
  if (matches.length === 0) return { view, split, detailLost: 1 };
  const weights = trustIn(reference, row);
  const sums = [view.luma, view.u, view.v].map((plane) => plane.map((value, k) => value * weights[k]));
  for (const { other, dx, dy, r } of matches) {
    const weight = Math.min(1, (other.worth / reference.worth) * ((r - SAME_ROW / 2) / (1 - SAME_ROW / 2)));
    const trust = trustIn(other, row);
    const light = lightOver(view, other.view, cells, dx, dy);
    for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
      for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++) {
        const k = y * width + x;
        const m = k + dy * width + dx;
        const w = weight * trust[m];
        if (w === 0) continue;
        weights[k] += w;
        sums[0][k] += w * (BLACK + light * (other.view.luma[m] - BLACK));
        sums[1][k] += w * other.view.u[m];
        sums[2][k] += w * other.view.v[m];
      }
    }
  }
  const planes = [view.luma, view.u, view.v].map((plane, c) =>
    plane.map((value, k) => (weights[k] > 0 ? sums[c][k] / weights[k] : value)),
  );
  const inside = weights.map((weight) => (weight > 0 ? 1 : 0));
  return {
    view: { ...view, luma: planes[0], u: planes[1], v: planes[2], inside: Uint8Array.from(inside) },
    split: grown(split, Uint8Array.from(inside), width, height, row),
    detailLost: Math.max(1, detailOf(view.luma, cells, width) / detailOf(planes[0], cells, width)),
  };
};

/** The split with the row carried on towards its lip as far as it is known now. */
const grown = (split: RowSplit, inside: Uint8Array, width: number, height: number, row: Row): RowSplit => {
  const top = split.top.slice();
  const bottom = split.bottom.slice();
  const there = isThere(split, row);
  for (let x = 0; x < width; x++) {
    if (!there(x)) continue;
    if (row === 'upper') while (top[x] > 0 && inside[(top[x] - 1) * width + x]) top[x]--;
    else while (bottom[x] < height && inside[bottom[x] * width + x]) bottom[x]++;
  }
  return { ...split, top, bottom };
};
