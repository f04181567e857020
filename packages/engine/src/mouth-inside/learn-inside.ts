import { donorBlur } from '../donor/donor-blur.js';
import type { Donor, DonorLibrary } from '../donor/donor-library.js';
import type { FaceTrack } from '../face/face-track.js';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import { averageViews } from './average-views.js';
import { SHEET_REACH, SHEET_TOP } from './head-plane.js';
import { type InsideView, medianOf, type SheetGrid, sheetGrid, viewInside } from './inside-view.js';
import type { Yuv } from './mouth-colours.js';
import { type LearntRow, learntRow } from './row-picture.js';
import { isThere, type Row, type RowSplit, splitRows } from './split-rows.js';
import { freeOfLips, toothTone } from './tooth-tone.js';

/** Pictures looked at closely: so many that promise most teeth, and so many of the widest mouths. */
const CLOSELY = 10;
/** Degrees away from the usual pose at which a picture counts half. */
const TURN = 12;
/** Mouths less open than this, in IOD, show no rows. */
const LEAST_APERTURE = 0.05;
/** An edge that strays so far, in cm, from its own even course is noise half of the time. */
const RAGGED = 0.05;
/** More area than this, in square cm, does not make a lower row better: it is the tongue of a very wide mouth. */
const ENOUGH_BELOW = 1;
type Candidate = { readonly donor: Donor; readonly view: InsideView; readonly split: RowSplit };

/** A row of teeth that the clip shows. */
export type SeenRow = LearntRow & {
  readonly tone: Yuv;
  readonly skinLuma: number;
  /** Aperture that the jaw follows, at the time of the view, IOD. */
  readonly jaw: number;
};

/** What a clip shows of a person's teeth. */
export type LearntInside = {
  readonly grid: SheetGrid;
  readonly upper: SeenRow | undefined;
  readonly lower: SeenRow | undefined;
  /** Colour of the depth between and behind them, where it shows. */
  readonly cavity: Yuv | undefined;
  /** Upper teeth reach no further down than this, cm below the head anchor, in any picture; undefined without any. */
  readonly upperEnd: number | undefined;
};

/**
 * Learns a person's rows of teeth from the clip's own best views: the upper one from the picture that shows most of it
 * clearly, the lower one from another or the same, each averaged with others that show the same.
 *
 * @param donors of one shot
 * @param jaw aperture that the jaw follows, per source frame, IOD
 */
export const learnInside = (
  track: FaceTrack,
  seen: MouthObservations,
  library: DonorLibrary,
  donors: readonly Donor[],
  jaw: Float32Array,
): LearntInside => {
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
  if (candidates.length === 0) {
    return { grid, upper: undefined, lower: undefined, cavity: undefined, upperEnd: undefined };
  }
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
  const tones = [
    ...candidates.map(({ view, split }) => toothTone(view, split, 'upper')),
    ...below.map(({ view, split }) => toothTone(view, split, 'lower')),
  ].filter((tone) => tone !== undefined);
  const rowOf = (best: Candidate, among: readonly Candidate[], row: Row): SeenRow | undefined => {
    const own = toothTone(best.view, best.split, row);
    if (!own) return undefined;
    const tone = freeOfLips(own, tones);
    const weighed = (candidate: Candidate) => ({ ...candidate, worth: worth(candidate.donor) });
    const learnt = learntRow(averageViews(weighed(best), among.map(weighed), row), row, tone);
    return { ...learnt, tone, skinLuma: best.view.skinLuma, jaw: jaw[best.donor.frame] };
  };
  return {
    grid,
    upper: rowOf(upper, candidates, 'upper'),
    lower: rowOf(lower, below, 'lower'),
    cavity: cavityOf([upper, lower]),
    upperEnd: upperEndOf(candidates),
  };
};

/** The middle of the mouth, in cm to each side: where the longest teeth are. */
const MIDDLE = 0.8;
/** Of all pictures, how many may show more: in some a tongue touches the teeth. */
const RARELY = 0.3;

/** Where the upper teeth end at most: at their edge, or hidden above the upper lip where a picture shows none. */
const upperEndOf = (candidates: readonly Candidate[]): number | undefined => {
  const ends = candidates.flatMap(({ view: { grid }, split }) => {
    const columns: number[] = [];
    for (
      let x = Math.round((SHEET_REACH - MIDDLE) * grid.perCm);
      x < (SHEET_REACH + MIDDLE) * grid.perCm;
      x++
    ) {
      if (split.bottom[x] > split.top[x]) columns.push(split.upperEdge[x]);
    }
    return columns.length === 0 ? [] : [SHEET_TOP + medianOf(columns) / grid.perCm];
  });
  ends.sort((a, b) => a - b);
  return ends[Math.floor(RARELY * ends.length)];
};

const mostOf = (candidates: readonly Candidate[], worth: (candidate: Candidate) => number): Candidate =>
  candidates.reduce((most, candidate) => (worth(candidate) > worth(most) ? candidate : most));

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

/** Luma above black from which a shade has its full colour. */
const COLOURED = 12;

/** Mean colour between the rows, where it is darkest. */
const cavityOf = (candidates: readonly Candidate[]): Yuv | undefined => {
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
  if (cells.length === 0) return undefined;
  const darkest = cells.slice(0, Math.max(1, cells.length >> 2));
  const mean = (c: number) => darkest.reduce((sum, cell) => sum + cell[c], 0) / darkest.length;
  // What is nearly black has hardly a colour: what is there is the lips', spread by the codec.
  const [luma, share] = [mean(0), Math.min(1, Math.max(0, mean(0) - 16) / COLOURED)];
  return [luma, 128 + share * (mean(1) - 128), 128 + share * (mean(2) - 128)];
};
