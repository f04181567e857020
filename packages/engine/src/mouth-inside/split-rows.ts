import { type InsideView, medianOf } from './inside-view.js';

/** Where what hangs on the head ends, and what rides on the jaw begins, in each column of a view. Rows of the grid. */
export type RowSplit = {
  /** First and one past the last cell inside the lips; equal where nothing is seen. */
  readonly top: Int32Array;
  readonly bottom: Int32Array;
  /** Lower edge of the upper teeth; not below `top` where there are none. */
  readonly upperEdge: Float32Array;
  /** Upper edge of lower teeth or tongue; not above `bottom` where there are none. */
  readonly lowerEdge: Float32Array;
  /** How clearly the upper teeth stand out and end: bright neutral cells above a darker seam, as an area in square cm. */
  readonly upperArea: number;
  readonly lowerArea: number;
};

/** Upper teeth hang on the head, the lower ones ride on the jaw. */
export type Row = 'upper' | 'lower';

/** Columns that show less than this between the lips, in cm, are corners: nothing is learnt from them. */
const LEAST_GAP = 0.22;
/** Share of the inside's contrast by which a run must stand out to count as teeth or tongue. */
const STANDS_OUT = 0.35;
/** A seam may move sideways by one cell per column at this cost, as a share of the contrast. */
const BEND_COST = 0.12;

const columnBounds = ({ inside, grid }: InsideView) => {
  const top = new Int32Array(grid.width);
  const bottom = new Int32Array(grid.width);
  for (let x = 0; x < grid.width; x++) {
    let first = -1;
    let end = 0;
    for (let y = 0; y < grid.height; y++) {
      if (!inside[y * grid.width + x]) continue;
      if (first < 0) first = y;
      end = y + 1;
    }
    if (first < 0 || end - first < LEAST_GAP * grid.perCm) continue;
    top[x] = first;
    bottom[x] = end;
  }
  return { top, bottom };
};

/** The darkest way from corner to corner (dynamic programming over columns). */
const darkSeam = (
  { luma, grid }: InsideView,
  top: Int32Array,
  bottom: Int32Array,
  contrast: number,
): Int32Array => {
  const { width, height } = grid;
  const cost = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY);
  const from = new Int8Array(width * height);
  const reach = 3;
  for (let x = 0; x < width; x++) {
    for (let y = top[x]; y < bottom[x]; y++) {
      let best = 0;
      let step = 0;
      if (x > 0 && bottom[x - 1] > top[x - 1]) {
        best = Number.POSITIVE_INFINITY;
        for (let d = -reach; d <= reach; d++) {
          const before = Math.max(top[x - 1], Math.min(bottom[x - 1] - 1, y + d));
          const total = cost[before * width + x - 1] + Math.abs(before - y) * BEND_COST * contrast;
          if (total < best) {
            best = total;
            step = before - y;
          }
        }
      }
      cost[y * width + x] = best + luma[y * width + x];
      from[y * width + x] = step;
    }
  }
  const seam = new Int32Array(width).fill(-1);
  for (let x = width - 1; x >= 0; x--) {
    if (bottom[x] <= top[x]) continue;
    if (x + 1 < width && seam[x + 1] >= 0) {
      seam[x] = Math.max(top[x], Math.min(bottom[x] - 1, seam[x + 1] + from[seam[x + 1] * width + x + 1]));
      continue;
    }
    let best = top[x];
    for (let y = top[x]; y < bottom[x]; y++) {
      if (cost[y * width + x] < cost[best * width + x]) best = y;
    }
    seam[x] = best;
  }
  return seam;
};

/** Median of each value and its neighbours where they exist: a single wrong column is no tooth. */
const median3 = (values: Float32Array, present: (x: number) => boolean): Float32Array =>
  values.map((value, x) =>
    present(x - 1) && present(x + 1) ? medianOf([values[x - 1], value, values[x + 1]]) : value,
  );

/**
 * Splits the inside of a mouth into what belongs to the head and what belongs to the jaw.
 *
 * @param knownEdge lower edge of the upper teeth where it is known already: the jaw's part begins below it
 */
export const splitRows = (view: InsideView, knownEdge?: Float32Array): RowSplit => {
  const { luma, v, grid } = view;
  const { width } = grid;
  const { top, bottom } = columnBounds(view);
  const levels: number[] = [];
  view.inside.forEach((on, k) => {
    if (on) levels.push(luma[k]);
  });
  levels.sort((a, b) => a - b);
  const level = (q: number) => levels[Math.floor(q * (levels.length - 1))] ?? 0;
  const contrast = Math.max(1, level(0.92) - level(0.06));
  const bright = level(0.06) + STANDS_OUT * contrast;
  const ceiling = top.map((first, x) =>
    knownEdge ? Math.max(first, Math.min(bottom[x] - 1, Math.floor(knownEdge[x]))) : first,
  );
  const seam = darkSeam(view, ceiling, bottom, contrast);
  const upperEdge = new Float32Array(width);
  const lowerEdge = new Float32Array(width);
  let upperArea = 0;
  let lowerArea = 0;
  const lipV = lipRedness(view);
  for (let x = 0; x < width; x++) {
    upperEdge[x] = top[x];
    lowerEdge[x] = bottom[x];
    if (seam[x] < 0) continue;
    const dark = luma[seam[x] * width + x];
    const upper = edgeOf(view, x, seam[x], top[x] - 1, dark, bright);
    const lower = edgeOf(view, x, seam[x], bottom[x], dark, bright);
    if (upper) {
      upperEdge[x] = upper.edge;
      upperArea += standing(upper, dark, contrast) * neutral(view, v, x, top[x], upper.edge, lipV);
    }
    if (lower) {
      lowerEdge[x] = lower.edge;
      lowerArea += standing(lower, dark, contrast);
    }
  }
  const present = (x: number) => x >= 0 && x < width && bottom[x] > top[x];
  const cells = grid.perCm * grid.perCm;
  return {
    top,
    bottom,
    upperEdge: median3(upperEdge, present),
    lowerEdge: median3(lowerEdge, present),
    upperArea: upperArea / cells,
    lowerArea: lowerArea / cells,
  };
};

type Run = { readonly edge: number; readonly length: number; readonly peak: number };

/** From the seam towards `end` (not reached): where the light rises half-way to the brightest there. */
const edgeOf = (
  { luma, grid }: InsideView,
  x: number,
  seam: number,
  end: number,
  dark: number,
  bright: number,
): Run | undefined => {
  const step = end < seam ? -1 : 1;
  let peak = 0;
  for (let y = seam; y !== end; y += step) peak = Math.max(peak, luma[y * grid.width + x]);
  if (peak < bright) return undefined;
  const half = (peak + dark) / 2;
  for (let y = seam; y !== end; y += step) {
    const here = luma[y * grid.width + x];
    if (here < half) continue;
    const before = y === seam ? here : luma[(y - step) * grid.width + x];
    // Cell borders: the upper teeth end below their last cell, the lower ones begin above their first.
    const part = here > before ? (here - half) / (here - before) : 0.5;
    const edge = step < 0 ? y + 0.5 + part : y + 0.5 - part;
    return { edge, length: Math.abs(end - y), peak };
  }
  return undefined;
};

/** Length of a run, weighted by how dark the seam beside it is. */
const standing = ({ length, peak }: Run, dark: number, contrast: number): number =>
  length * Math.min(1, Math.max(0, (peak - dark) / (0.7 * contrast)));

/** How red the lips around an opening are, V above neutral. */
export const lipRedness = ({ v, inside }: InsideView): number => {
  // Cells around the opening are lips for the most part.
  const around: number[] = [];
  inside.forEach((on, k) => {
    if (!on && (inside[k - 4] || inside[k + 4])) around.push(v[k]);
  });
  return Math.max(3, medianOf(around) - 128);
};

/** 1 for a run that is much less red than the lips, as teeth are, down to 0.2 for lips, tongue and gums; blurred chroma tells them badly. */
const neutral = (
  { grid }: InsideView,
  v: Float32Array,
  x: number,
  top: number,
  edge: number,
  lipV: number,
): number => {
  let red = 0;
  let n = 0;
  for (let y = top; y < edge; y++) {
    red += v[y * grid.width + x] - 128;
    n++;
  }
  return n === 0 ? 0 : Math.max(0.2, Math.min(1, 1.8 - 1.3 * (red / n / lipV)));
};

/** Whether a row shows in a column. */
export const isThere =
  ({ top, bottom, upperEdge, lowerEdge }: RowSplit, row: Row) =>
  (x: number): boolean =>
    bottom[x] > top[x] && (row === 'upper' ? upperEdge[x] > top[x] : lowerEdge[x] < bottom[x]);

/** The longest run of columns in which a row was seen, small gaps between its teeth included. */
export const seenColumns = (
  there: (x: number) => boolean,
  width: number,
  gap: number,
): [first: number, last: number] => {
  let best: [number, number] = [0, -1];
  let first = -1;
  let last = -1;
  for (let x = 0; x < width; x++) {
    if (!there(x)) continue;
    if (first < 0 || x - last > gap) first = x;
    last = x;
    if (last - first > best[1] - best[0]) best = [first, last];
  }
  return best;
};
