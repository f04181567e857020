import { smoothstep } from '../mouth-space/lower-face.js';
import { overNeighbours } from '../picture/over-neighbours.js';
import type { AveragedView } from './average-views.js';
import { type InsideView, medianOf, type SheetGrid } from './inside-view.js';
import type { Yuv } from './mouth-colours.js';
import type { RowCells } from './mouth-inside.js';
import { isThere, type Row, type RowSplit, seenColumns } from './split-rows.js';

/** Over so many cm at its ends a row goes over into what is painted there. */
const SIDE_FADE = 0.18;
/** Columns at the ends that are darker than this share of the teeth's tone are the corner of the mouth. */
const IN_SHADE = 0.5;
/** The light along a row is told over so many cm to each side, and from teeth within so many cm of their edge. */
const LIGHT_REACH = 0.2;
const STRIP = 0.3;
/** Least and most light on a column, as shares of that on the row. */
const LIGHT: readonly [number, number] = [0.3, 1.1];

/** Next to the lips, for so many cm, their red and their shadow lie on the teeth; over so many more cm these are believed. */
const RIM = 0.06;
const BELIEVED = 0.18;
/** Where little of the teeth shows, the rim and what is over it are at most such shares of it. */
const RIM_SHARE = 0.3;
const BELIEVED_SHARE = 0.5;
/** An edge lies no further than `most` from the median of those within `reach` beside it, cm. */
const STEADY = { upper: { reach: 0.5, most: 0.32 }, lower: { reach: 1.1, most: 0.16 } };
/** An edge is evened over so many cm to each side: stair-steps of the pixels it was seen on are no teeth. */
const EVENED = { upper: 0.05, lower: 0.12 };
/** Teeth brighter than this many times the skin were overexposed; brighter than their own tone, they shone: only a share of what
 * is above is kept. */
const DAZZLING = 1.5;
const SHINING = 1.15;
const DAZZLE_KEPT = 0.4;
/** What sampling a picture twice takes from it, given back: a share of the difference from the neighbours. */
const SHARPENING = 0.35;
/** What averaging took besides: so much of the share for each time that detail was lost, and the most of it. */
const SHARPENING_PER_LOSS = 1.2;
const MOST_SHARPENING = 0.7;
const BLACK = 16;

const sharpened = (
  { luma: seen, skinLuma, grid: { width, height } }: InsideView,
  tone: number,
  detailLost: number,
): Float32Array => {
  const share = Math.min(MOST_SHARPENING, SHARPENING + SHARPENING_PER_LOSS * (detailLost - 1));
  const dazzling = BLACK + Math.min(DAZZLING * skinLuma, SHINING * (tone - BLACK));
  const luma = seen.map((value) => value - (1 - DAZZLE_KEPT) * Math.max(0, value - dazzling));
  const out = luma.slice();
  for (let y = 1; y < height - 1; y++) {
    for (let k = y * width + 1; k < (y + 1) * width - 1; k++) {
      out[k] = Math.max(BLACK, Math.min(235, luma[k] + share * overNeighbours(luma, k, width)));
    }
  }
  return out;
};

/** A row where it was seen: cells of the sheet, and per column of it from `first` to `last` its edge and its light. */
export type LearntRow = {
  readonly cells: RowCells;
  /** How far each cell's colour is to be believed, 0 to 1: not what the lips hid or lay next to them. */
  readonly known: Float32Array;
  readonly edge: Float32Array;
  /** Light on each column as a share of that on the row. */
  readonly light: Float32Array;
  readonly first: number;
  readonly last: number;
};

/** Share of the way to the tooth's own tone that its chroma is drawn: the lips' red is spread over it by the codec. */
const OWN_TONE = 0.75;

const freedOfRed = (luma: Float32Array, chroma: Float32Array, tone: number, bright: number): Float32Array =>
  chroma.map((value, k) => {
    const tooth = smoothstep(((luma[k] - BLACK) / (bright - BLACK) - 0.35) / 0.4);
    return value + OWN_TONE * tooth * (tone - value);
  });

/**
 * A row as it was seen.
 *
 * @param tone of its teeth
 */
export const learntRow = ({ view, split, detailLost }: AveragedView, row: Row, tone: Yuv): LearntRow => {
  const { grid } = view;
  const { width, height, perCm } = grid;
  const luma = sharpened(view, tone[0], detailLost);
  const u = freedOfRed(view.luma, view.u, tone[1], tone[0]);
  const v = freedOfRed(view.luma, view.v, tone[2], tone[0]);
  const edges = row === 'upper' ? split.upperEdge : split.lowerEdge;
  const there = isThere(split, row);
  const seen = seenColumns(there, width, Math.round(0.3 * perCm));
  const light = lightAlong(view, split, row, tone[0], seen);
  const [first, last] = withoutCorners(light, seen);
  const { reach, most } = STEADY[row];
  const steady = steadied(edges, there, first, last, Math.round(reach * perCm), most * perCm);
  const edge = evened(steady, first, last, Math.max(1, Math.round(EVENED[row] * perCm)));
  const lip = evened(
    Float32Array.from(row === 'upper' ? split.top : split.bottom),
    first,
    last,
    Math.max(1, Math.round(EVENED.lower * perCm)),
  );
  const opacity = new Float32Array(width * height);
  const known = new Float32Array(width * height);
  for (let x = first; x <= last; x++) {
    const shown = Math.abs(edge[x] - lip[x]);
    const rim = Math.min(RIM * perCm, RIM_SHARE * shown);
    const over = Math.max(1, Math.min(BELIEVED * perCm, BELIEVED_SHARE * shown));
    const side = fromEnds(x, first, last, perCm);
    for (let y = 0; y < height; y++) {
      const k = y * width + x;
      const depth = row === 'upper' ? edge[x] - (y + 0.5) : y + 0.5 - edge[x];
      const fromLip = row === 'upper' ? y + 0.5 - lip[x] : lip[x] - (y + 0.5);
      opacity[k] = Math.max(0, Math.min(1, depth / 1.4 + 0.5));
      known[k] = side * smoothstep((fromLip - rim) / over);
    }
  }
  return { cells: { luma, u, v, opacity }, known, edge, light, first, last };
};

/** Mean luma of each column's teeth next to their edge, as a share of their tone, evened; 1 where nothing was seen. */
const lightAlong = (
  { grid: { width, perCm }, luma, inside }: InsideView,
  split: RowSplit,
  row: Row,
  tone: number,
  [first, last]: readonly [number, number],
): Float32Array => {
  const depth = Math.max(2, Math.round(STRIP * perCm));
  const there = isThere(split, row);
  const light = new Float32Array(width).fill(1);
  for (let x = first; x <= last; x++) {
    let [sum, n] = [0, 0];
    for (let d = 1; there(x) && d <= depth; d++) {
      const y = Math.round(row === 'upper' ? split.upperEdge[x] - d : split.lowerEdge[x] + d - 1);
      if (!inside[y * width + x]) continue;
      sum += luma[y * width + x] - BLACK;
      n++;
    }
    if (n > 0) light[x] = sum / n / (tone - BLACK);
    else if (x > first) light[x] = light[x - 1];
  }
  return evened(light, first, last, Math.max(1, Math.round(LIGHT_REACH * perCm))).map((value) =>
    Math.max(LIGHT[0], Math.min(LIGHT[1], value)),
  );
};

/** The columns without those at both ends that lie in the dark of the corners, where a lip is taken for teeth. */
const withoutCorners = (light: Float32Array, [first, last]: readonly [number, number]): [number, number] => {
  let [from, to] = [first, last];
  while (from < to && light[from] < IN_SHADE) from++;
  while (to > from && light[to] < IN_SHADE) to--;
  return [from, to];
};

/** 1 in a row, falling to 0 at its ends. */
const fromEnds = (x: number, first: number, last: number, perCm: number): number =>
  smoothstep((Math.min(x - first, last - x) + 0.5) / (SIDE_FADE * perCm));

/** A row with what was not seen of it as it is painted: behind the lips, and beyond its ends. */
export const completed = (
  { cells, known, first, last }: LearntRow,
  painted: RowCells,
  { width, perCm }: SheetGrid,
): RowCells => {
  const sides = Float32Array.from({ length: width }, (_, x) => fromEnds(x, first, last, perCm));
  const mixed = (seen: Float32Array, other: Float32Array, share: (k: number) => number) =>
    other.map((value, k) => value + share(k) * (seen[k] - value));
  return {
    luma: mixed(cells.luma, painted.luma, (k) => known[k]),
    u: mixed(cells.u, painted.u, (k) => known[k]),
    v: mixed(cells.v, painted.v, (k) => known[k]),
    opacity: mixed(cells.opacity, painted.opacity, (k) => sides[k % width]),
  };
};

/** Edges without what no row of teeth does: stray far from the edges beside. Columns without an edge take the usual one. */
const steadied = (
  edges: Float32Array,
  there: (x: number) => boolean,
  first: number,
  last: number,
  reach: number,
  most: number,
): Float32Array => {
  const out = edges.slice();
  for (let x = first; x <= last; x++) {
    const near: number[] = [];
    for (let q = Math.max(first, x - reach); q <= Math.min(last, x + reach); q++) {
      if (there(q)) near.push(edges[q]);
    }
    const usual = near.length > 0 ? medianOf(near) : edges[x];
    out[x] = there(x) ? Math.max(usual - most, Math.min(usual + most, edges[x])) : usual;
  }
  return out;
};

/** Running mean over `reach` columns to each side, within the row. */
const evened = (edges: Float32Array, first: number, last: number, reach: number): Float32Array => {
  const out = edges.slice();
  for (let x = first; x <= last; x++) {
    const near = edges.subarray(Math.max(first, x - reach), Math.min(last, x + reach) + 1);
    out[x] = near.reduce((sum, edge) => sum + edge, 0) / near.length;
  }
  return out;
};
