import { donorBlur } from '../donor/donor-blur.js';
import type { Donor, DonorLibrary } from '../donor/donor-library.js';
import type { FaceTrack } from '../face/face-track.js';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import { type InsideView, medianOf, sheetGrid, viewInside } from './inside-view.js';
import { type MouthInside, type SheetPicture, sheetPicture } from './mouth-inside.js';
import { type RowSplit, splitRows } from './split-rows.js';

/** Pictures looked at closely: so many that promise most teeth, and so many of the widest mouths. */
const CLOSELY = 10;
/** Less area of upper teeth than this, in square cm, is not worth learning from. */
const LEAST_TEETH = 0.12;
/** Share of tooth-coloured area within the lips that says so without upper ones, see MouthContents. */
const MUCH_TEETH = 0.08;
/** Degrees away from the usual pose at which a picture counts half. */
const TURN = 12;
/** Mouths less open than this, in IOD, show no rows. */
const LEAST_APERTURE = 0.05;
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
/** An edge that strays so far, in cm, from its own even course is noise half of the time. */
const RAGGED = 0.05;
/** More area than this, in square cm, does not make a lower row better: it is the tongue of a very wide mouth. */
const ENOUGH_BELOW = 1;
/** Teeth brighter than this many times the skin were overexposed, or shone: only a share of what is above is kept. */
const DAZZLING = 1.5;
const DAZZLE_KEPT = 0.5;

type Row = 'upper' | 'lower';
type Candidate = { readonly donor: Donor; readonly view: InsideView; readonly split: RowSplit };

/**
 * Learns what a person's mouth looks like inside from the clip's own best views: the upper teeth from the one that shows
 * most of them clearly, lower teeth and tongue from another or the same.
 *
 * @param donors of one shot
 * @param jaw aperture that the jaw follows, per source frame, IOD
 * @returns undefined when no picture shows teeth that end in a dark gap
 */
export const learnInside = (
  track: FaceTrack,
  seen: MouthObservations,
  library: DonorLibrary,
  donors: readonly Donor[],
  jaw: Float32Array,
): Omit<MouthInside, 'rim'> | undefined => {
  const grid = sheetGrid(medianOf(donors.map(({ frame }) => seen.scale[frame])));
  const usual = {
    yaw: medianOf(donors.map(({ frame }) => seen.yaw[frame])),
    pitch: medianOf(donors.map(({ frame }) => seen.pitch[frame])),
  };
  const facing = ({ frame }: Donor) =>
    1 / (1 + (Math.hypot(seen.yaw[frame] - usual.yaw, seen.pitch[frame] - usual.pitch) / TURN) ** 2);
  const blur = donorBlur(donors, seen);
  const sharp = new Map(donors.map((donor, d) => [donor, Math.exp(-2 * blur[d])]));
  const worth = (donor: Donor) => facing(donor) * (sharp.get(donor) ?? 1);
  const open = donors.filter(({ frame }) => seen.aperture[frame] >= LEAST_APERTURE);
  const first = (by: (donor: Donor) => number) => [...open].sort((a, b) => by(b) - by(a)).slice(0, CLOSELY);
  const wide = (donor: Donor) => worth(donor) * Math.min(0.25, seen.aperture[donor.frame]);
  const toothed = first((donor) => wide(donor) * (0.02 + donor.contents.teeth));
  const candidates: Candidate[] = [...new Set([...toothed, ...first(wide)])].map((donor) => {
    const view = viewInside(track, library, donor, grid);
    return { donor, view, split: splitRows(view) };
  });
  if (candidates.length === 0) return undefined;
  const upper = mostOf(
    candidates,
    ({ donor, view, split }) => worth(donor) * split.upperArea * steadiness(view, split, 'upper'),
  );
  const below = candidates.map(({ donor, view }) => ({
    donor,
    view,
    split: splitRows(view, upper.split.upperEdge),
  }));
  const lower = mostOf(below, ({ donor, view, split }) => {
    const area = split.lowerArea / (split.lowerArea + ENOUGH_BELOW);
    return worth(donor) * area * steadiness(view, split, 'lower');
  });
  // Some people show their lower teeth alone when they talk.
  const shows = upper.split.upperArea >= LEAST_TEETH || lower.donor.contents.teeth >= MUCH_TEETH;
  if (!shows) return undefined;
  return {
    grid,
    upper: rowPicture(upper, 'upper'),
    lower: rowPicture(lower, 'lower'),
    lowerJaw: jaw[lower.donor.frame],
    cavity: cavityOf([upper, lower]),
    skinLuma: [upper.view.skinLuma, lower.view.skinLuma],
  };
};

const mostOf = (candidates: readonly Candidate[], worth: (candidate: Candidate) => number): Candidate =>
  candidates.reduce((most, candidate) => (worth(candidate) > worth(most) ? candidate : most));

const isThere =
  ({ top, bottom, upperEdge, lowerEdge }: RowSplit, row: Row) =>
  (x: number) =>
    bottom[x] > top[x] && (row === 'upper' ? upperEdge[x] > top[x] : lowerEdge[x] < bottom[x]);

/** 1 for a row that ends in an even line, less the more its edge jumps from column to column. */
const steadiness = ({ grid }: InsideView, split: RowSplit, row: Row): number => {
  const there = isThere(split, row);
  const edges = row === 'upper' ? split.upperEdge : split.lowerEdge;
  let jumps = 0;
  let n = 0;
  for (let x = 1; x < grid.width - 1; x++) {
    if (!(there(x - 1) && there(x) && there(x + 1))) continue;
    jumps += Math.abs(edges[x] - (edges[x - 1] + edges[x + 1]) / 2);
    n++;
  }
  return n === 0 ? 1 : 1 / (1 + (jumps / n / grid.perCm / RAGGED) ** 2);
};

/** The longest run of columns in which a row was seen, small gaps between its teeth included. */
const seenColumns = (
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

/** What sampling a picture twice takes from it, given back: a share of the difference from the neighbours. */
const SHARPENING = 0.6;

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

/** A row as it was seen, carried on behind the lips that hid the rest of it. */
const rowPicture = ({ view, split }: Candidate, row: Row): SheetPicture => {
  const { grid } = view;
  const { width, height } = grid;
  const { top, bottom } = split;
  const luma = sharpened(view);
  const u = view.u.slice();
  const v = view.v.slice();
  const opacity = new Float32Array(width * height);
  const edges = row === 'upper' ? split.upperEdge : split.lowerEdge;
  const there = isThere(split, row);
  const [first, last] = seenColumns(there, width, Math.round(0.3 * grid.perCm));
  if (last < first) return sheetPicture(grid, luma, u, v, opacity);
  const { reach, most } = STEADY[row];
  const steady = steadied(edges, there, first, last, Math.round(reach * grid.perCm), most * grid.perCm);
  const edge = evened(steady, first, last, Math.max(1, Math.round(EVENED[row] * grid.perCm)));
  const fade = SIDE_FADE * grid.perCm;
  const rim = Math.max(1, Math.round(RIM * grid.perCm));
  const planes = [luma, u, v];
  const seenPlanes = [luma.slice(), view.u, view.v];
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
  return sheetPicture(grid, luma, u, v, opacity);
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

/** Mean colour between the rows, where it is darkest. */
const cavityOf = (candidates: readonly Candidate[]): [number, number, number] => {
  const cells: [number, number, number][] = [];
  for (const { view, split } of candidates) {
    for (let x = 0; x < view.grid.width; x++) {
      for (let y = Math.ceil(split.upperEdge[x]); y < Math.floor(split.lowerEdge[x]); y++) {
        const k = y * view.grid.width + x;
        if (view.inside[k]) cells.push([view.luma[k], view.u[k], view.v[k]]);
      }
    }
  }
  cells.sort((a, b) => a[0] - b[0]);
  const darkest = cells.slice(0, Math.max(1, cells.length >> 2));
  if (cells.length === 0) return [24, 126, 132];
  return [0, 1, 2].map((c) => darkest.reduce((sum, cell) => sum + cell[c], 0) / darkest.length) as [
    number,
    number,
    number,
  ];
};
