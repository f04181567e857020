import { type Donor, type DonorLibrary, donorPlanes } from '../donor/donor-library.js';
import type { FaceTrack } from '../face/face-track.js';
import { framePoints } from '../face/frame-points.js';
import { newShape, shapeAt } from '../mouth-space/face-space.js';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import { headAnchor, SHEET_REACH, SHEET_TOP } from './head-plane.js';
import { medianOf, type SheetGrid } from './inside-view.js';
import { type LearntInside, learnInside, type SeenRow } from './learn-inside.js';
import { type MouthColours, mouthColours, skinLight, type Yuv } from './mouth-colours.js';
import { type MouthInside, sheetPicture } from './mouth-inside.js';
import {
  lowerFall,
  paintLower,
  paintTongue,
  paintUpper,
  upperRise,
  usualEdges,
  usualLight,
} from './paint-inside.js';
import { completed, type LearntRow } from './row-picture.js';

/** Share of an opening by which the upper lip rises: where lips that are apart would meet. */
const UPPER_SHARE = 0.35;

/** The inside of the mouth of one shot's person: learnt from the clip where it shows one, else painted to fit the face. */
export const insideOfShot = (
  track: FaceTrack,
  seen: MouthObservations,
  library: DonorLibrary,
  donors: readonly Donor[],
  jaw: Float32Array,
): MouthInside | undefined => {
  if (donors.length === 0) return undefined;
  // Colours and heights are best told from the mouth that is least open.
  const calmest = donors.reduce((a, b) => (seen.aperture[b.frame] < seen.aperture[a.frame] ? b : a));
  const shape = shapeAt(track, calmest.frame, newShape());
  const [upper, lower] = [shape[3 * 13 + 1], shape[3 * 14 + 1]];
  const meetsAt = headAnchor(shape)[1] - (upper - UPPER_SHARE * Math.max(0, upper - lower));
  const planes = donorPlanes(library, calmest);
  const points = framePoints(track, calmest.frame);
  const skin = skinLight(planes.luma, points);
  return assemble(
    learnInside(track, seen, library, donors, jaw),
    mouthColours(planes, points),
    meetsAt,
    skin,
  );
};

/** Lower teeth lie deeper in the mouth: share of the light on upper ones. */
const LOWER_LIGHT = 0.85;
/** Teeth that are painted by the tone of others shine no brighter than so many times the skin. */
const MOST_LIGHT = 1.2;

/** What was learnt over what is painted to match it; all painted where nothing was. */
const assemble = (
  { grid, upper, lower, cavity, upperEnd }: LearntInside,
  plain: MouthColours,
  meetsAt: number,
  skin: number,
): MouthInside => {
  const usual = usualEdges(meetsAt);
  const colours = cavity ? { ...plain, cavity } : plain;
  const lit = ({ tone, skinLuma }: SeenRow, share: number): Yuv => [
    16 + Math.min(MOST_LIGHT, (share * (tone[0] - 16)) / skinLuma) * skin,
    tone[1],
    tone[2],
  ];
  const upperSkin = upper?.skinLuma ?? skin;
  const lowerSkin = lower?.skinLuma ?? skin;
  const upperTone = upper?.tone ?? (lower && lit(lower, 1 / LOWER_LIGHT));
  const lowerTone = lower?.tone ?? (upper && lit(upper, LOWER_LIGHT));
  const end = upper ? fittedEdge(upper, grid, upperRise, 1) : Math.min(usual.upper, upperEnd ?? usual.upper);
  const start = lower ? fittedEdge(lower, grid, lowerFall, -1) : usual.lower;
  const above = paintUpper(grid, inTone(colours, upperTone), end, upper && lightOf(upper, grid));
  const below = paintLower(grid, inTone(colours, lowerTone), start, lower && lightOf(lower, grid));
  return {
    grid,
    upper: sheetPicture(grid, upper ? completed(upper, above, grid) : above),
    lower: sheetPicture(grid, lower ? completed(lower, below, grid) : below),
    tongue: sheetPicture(grid, paintTongue(grid, colours, start)),
    lowerJaw: lower?.jaw ?? 0,
    cavity: colours.cavity,
    rim: colours.rim,
    skinLuma: [upperSkin, lowerSkin],
  };
};

/** Luma above black of a tooth in shade, over that of one in the light. */
const SHADE = 0.42;

const inTone = (colours: MouthColours, tone: Yuv = colours.tooth): MouthColours => {
  const { shadedTooth } = colours;
  const half = (a: number, b: number) => (a + b) / 2;
  const shade = [
    half(shadedTooth[0], 16 + SHADE * (tone[0] - 16)),
    half(shadedTooth[1], tone[1]),
    half(shadedTooth[2], tone[2]),
  ] as const;
  return { ...colours, tooth: tone, shadedTooth: shade };
};

/** Where a painted row has to end for its edge to run on from the learnt one, cm below the head anchor. */
const fittedEdge = (
  { edge, first, last }: LearntRow,
  grid: SheetGrid,
  profile: (x: number) => number,
  sign: 1 | -1,
): number =>
  SHEET_TOP +
  medianOf(
    Array.from({ length: last - first + 1 }, (_, k) => {
      const x = first + k;
      return edge[x] / grid.perCm + sign * profile((x + 0.5) / grid.perCm - SHEET_REACH);
    }),
  );

/** The light on a learnt row; beyond its ends it falls off as it usually does. */
const lightOf =
  ({ light, first, last }: LearntRow, grid: SheetGrid) =>
  (x: number): number => {
    const column = Math.floor((x + SHEET_REACH) * grid.perCm);
    const near = Math.max(first, Math.min(last, column));
    if (near === column) return light[near];
    const end = (near + 0.5) / grid.perCm - SHEET_REACH;
    return Math.min(light[near], (light[near] * usualLight(x)) / usualLight(end));
  };
