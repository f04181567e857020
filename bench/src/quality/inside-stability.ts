import { type MouthView, VIEW_HEIGHT, VIEW_WIDTH } from './mouth-view.js';
import { mean } from './statistics.js';

/** The upper row of teeth shows within so many cells under the upper lip. */
const UPPER_CELLS = 8;
/** Fewer cells than this tell nothing. */
const FEWEST_CELLS = 60;
/** A pattern that matches worse than this is another one: a dark mouth, a tongue. */
const SAME_PATTERN = 0.75;
const SCALES = Array.from({ length: 33 }, (_, i) => 0.84 + 0.01 * i);
const SHIFTS = [-6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6];

/** Standard deviation from the median absolute deviation: a match that locks on to the next tooth is no measurement. */
const spreadOf = (values: readonly number[]): number => {
  const middle = percentile(values, 0.5);
  return (
    1.4826 *
    percentile(
      values.map((value) => Math.abs(value - middle)),
      0.5,
    )
  );
};

/** Cells of the inside next to the upper lip. */
const upperCells = ({ inside }: MouthView): number[] => {
  const cells: number[] = [];
  for (let col = 0; col < VIEW_WIDTH; col++) {
    let depth = 0;
    for (let row = 0; row < VIEW_HEIGHT && depth < UPPER_CELLS; row++) {
      const k = row * VIEW_WIDTH + col;
      if (!inside[k]) continue;
      cells.push(k);
      depth++;
    }
  }
  return cells;
};

/** Correlation of a view's upper cells with a reference that is stretched sideways by `scale` and shifted, in cells. */
const match = (
  view: MouthView,
  cells: readonly number[],
  reference: MouthView,
  known: Uint8Array,
  scale: number,
  dx: number,
  dy: number,
): number => {
  let [n, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (const k of cells) {
    const col = (k % VIEW_WIDTH) + 0.5 - VIEW_WIDTH / 2;
    const x = Math.floor(col / scale + dx + VIEW_WIDTH / 2);
    const y = Math.floor(k / VIEW_WIDTH) + dy;
    if (x < 0 || x >= VIEW_WIDTH || y < 0 || y >= VIEW_HEIGHT || !known[y * VIEW_WIDTH + x]) continue;
    const p = view.luma[k];
    const q = reference.luma[y * VIEW_WIDTH + x];
    n++;
    a += p;
    b += q;
    aa += p * p;
    bb += q * q;
    ab += p * q;
  }
  if (n < FEWEST_CELLS || n < 0.6 * cells.length) return -1;
  return (n * ab - a * b) / Math.sqrt(Math.max(1e-9, (n * aa - a * a) * (n * bb - b * b)));
};

/**
 * How steady the upper teeth are in head space: every open mouth is compared with the most open one. Spread of the
 * width at which it matches best (as a share) and of the height (IOD), outliers left out; NaN when no two mouths show the same pattern.
 */
export const teethSteadiness = (
  views: readonly MouthView[],
  cell = 0.0075,
): { width: number; height: number } => {
  const cells = views.map(upperCells);
  const most = cells.reduce((best, list, i) => (list.length > cells[best].length ? i : best), 0);
  const reference = views[most];
  const known = reference?.inside;
  const widths: number[] = [];
  const heights: number[] = [];
  views.forEach((view, i) => {
    if (i === most || cells[i].length < FEWEST_CELLS) return;
    let best = { r: SAME_PATTERN, scale: Number.NaN, dy: 0 };
    for (const scale of SCALES) {
      for (const dy of SHIFTS) {
        for (const dx of SHIFTS) {
          const r = match(view, cells[i], reference, known, scale, dx, dy);
          if (r > best.r) best = { r, scale, dy };
        }
      }
    }
    if (Number.isNaN(best.scale)) return;
    widths.push(best.scale);
    heights.push(best.dy * cell);
  });
  return widths.length < 5
    ? { width: Number.NaN, height: Number.NaN }
    : { width: spreadOf(widths), height: spreadOf(heights) };
};

const percentile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.round(q * (values.length - 1))] ?? Number.NaN;

/** Changes between neighbouring frames; `undefined` views break the row. */
export const changes = (views: readonly (MouthView | undefined)[]): { lips: number; inside: number } => {
  const lips: number[] = [];
  const inside: number[] = [];
  for (let t = 1; t < views.length; t++) {
    const [a, b] = [views[t - 1], views[t]];
    if (!a || !b) continue;
    lips.push(Math.hypot(...a.lipTone.map((value, c) => value - b.lipTone[c])));
    const both = a.inside.reduce<number[]>((list, on, k) => {
      if (on && b.inside[k]) list.push(Math.abs(a.luma[k] - b.luma[k]));
      return list;
    }, []);
    if (both.length >= FEWEST_CELLS) inside.push(mean(both));
  }
  return { lips: percentile(lips, 0.95), inside: percentile(inside, 0.95) };
};

/** Least unevenness, over skin luma, below which an opening is one flat tone whatever the person. */
const FLAT = 0.02;

/**
 * Frames whose opening is one even tone from corner to corner: flatter than nearly all the person's own open mouths, or
 * than any mouth is where the clip shows none.
 */
export const flatOpenings = (views: readonly MouthView[], own: readonly MouthView[]): number => {
  const natural = own.map((view) => view.unevenness).filter((value) => !Number.isNaN(value));
  const limit = natural.length < 10 ? FLAT : Math.min(FLAT, 0.7 * percentile(natural, 0.02));
  return views.filter((view) => view.unevenness < limit).length;
};
