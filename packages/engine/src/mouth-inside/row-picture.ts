import { smoothstep } from '../mouth-space/lower-face.js';
import { type InsideView, medianOf } from './inside-view.js';
import type { Yuv } from './mouth-colours.js';
import type { RowCells } from './mouth-inside.js';
import { isThere, type Row, type RowSplit, seenColumns } from './split-rows.js';

/** Beyond the columns that were seen a row fades out over so many cm: the corners of a mouth are dark. */
const SIDE_FADE = 0.18;

/** Next to the lips, for so many cm, their red shines on the teeth: what the lips hid is not carried on from there. */
const RIM = 0.1;

/** What the lips hid falls into shade by up to this share. */
const HIDDEN_SHADE = 0.35;
/** An edge lies no further than `most` from the median of those within `reach` beside it, cm. */
const STEADY = { upper: { reach: 0.5, most: 0.32 }, lower: { reach: 1.1, most: 0.16 } };
/** An edge is evened over so many cm to each side: stair-steps of the pixels it was seen on are no teeth. */
const EVENED = { upper: 0.05, lower: 0.12 };
/** Teeth brighter than this many times the skin were overexposed, or shone: only a share of what is above is kept. */
const DAZZLING = 1.5;
const DAZZLE_KEPT = 0.5;
/** What sampling a picture twice takes from it, given back: a share of the difference from the neighbours. */
const SHARPENING = 0.35;
const BLACK = 16;

const sharpened = ({ luma: seen, skinLuma, grid: { width, height } }: InsideView): Float32Array => {
  const dazzling = 16 + DAZZLING * skinLuma;
  const luma = seen.map((value) => value - (1 - DAZZLE_KEPT) * Math.max(0, value - dazzling));
  const out = luma.slice();
  for (let y = 1; y < height - 1; y++) {
    for (let k = y * width + 1; k < (y + 1) * width - 1; k++) {
      const around = (luma[k - 1] + luma[k + 1] + luma[k - width] + luma[k + width]) / 4;
      out[k] = Math.max(16, Math.min(235, luma[k] + SHARPENING * (luma[k] - around)));
    }
  }
  return out;
};

/** A row with its edge: cells of the sheet per column from `first` to `last`, where it was seen. */
export type LearntRow = {
  readonly cells: RowCells;
  readonly edge: Float32Array;
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
 * A row as it was seen, carried on behind the lips that hid the rest of it.
 *
 * @param tone of its teeth
 */
export const learntRow = (view: InsideView, split: RowSplit, row: Row, tone: Yuv): LearntRow => {
  const { grid } = view;
  const { width, height } = grid;
  const { top, bottom } = split;
  const luma = sharpened(view);
  const u = freedOfRed(view.luma, view.u, tone[1], tone[0]);
  const v = freedOfRed(view.luma, view.v, tone[2], tone[0]);
  const opacity = new Float32Array(width * height);
  const edges = row === 'upper' ? split.upperEdge : split.lowerEdge;
  const there = isThere(split, row);
  const [first, last] = seenColumns(there, width, Math.round(0.3 * grid.perCm));
  const { reach, most } = STEADY[row];
  const steady = steadied(edges, there, first, last, Math.round(reach * grid.perCm), most * grid.perCm);
  const edge = evened(steady, first, last, Math.max(1, Math.round(EVENED[row] * grid.perCm)));
  const fade = SIDE_FADE * grid.perCm;
  const rim = Math.max(1, Math.round(RIM * grid.perCm));
  const planes = [luma, u, v];
  const seenPlanes = planes.map((plane) => plane.slice());
  const start = Math.max(0, Math.floor(first - fade));
  const end = Math.min(width - 1, Math.ceil(last + fade));
  // The last row that is surely free of the lips' red, in each column.
  const limit = (x: number) =>
    row === 'upper'
      ? Math.round(Math.max(0, Math.min(top[x] + rim, edge[x] - 2)))
      : Math.round(Math.min(height - 1, Math.max(bottom[x] - 1 - rim, edge[x] + 1)));
  for (let x = start; x <= end; x++) {
    const from = Math.max(first, Math.min(last, x));
    const beside = Math.min(1, Math.abs(x - from) / fade);
    for (let y = 0; y < height; y++) {
      const k = y * width + x;
      const depth = row === 'upper' ? edge[from] - (y + 0.5) : y + 0.5 - edge[from];
      opacity[k] = Math.max(0, Math.min(1, depth / 1.4 + 0.5)) * (1 - beside);
      const beyond = row === 'upper' ? limit(from) - y : y - limit(from);
      if (beyond <= 0) {
        for (let c = 0; x !== from && c < 3; c++) planes[c][k] = seenPlanes[c][y * width + from];
        continue;
      }
      // Further away it is known less and less sidewise, and falls into shade.
      const blur = Math.round(beyond / 2);
      const shade = 1 - HIDDEN_SHADE * Math.min(1, beyond / grid.perCm / 0.5);
      planes.forEach((plane, c) => {
        let sum = 0;
        let n = 0;
        for (let q = Math.max(first, from - blur); q <= Math.min(last, from + blur); q++) {
          sum += seenPlanes[c][limit(q) * width + q];
          n++;
        }
        const black = c === 0 ? 16 : 128;
        plane[k] = black + (sum / n - black) * (c === 0 ? shade : 1);
      });
    }
  }
  return { cells: { luma, u, v, opacity }, edge, first, last };
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
