import { type Donor, type DonorLibrary, donorPlanes } from '../donor/donor-library.js';
import { type FaceTrack, LANDMARK_FLOATS } from '../face/face-track.js';
import { newShape, shapeAt } from '../mouth-space/face-space.js';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import { headAnchor } from './head-plane.js';
import { medianOf, picturePoints, sheetGrid } from './inside-view.js';
import { learnInside } from './learn-inside.js';
import { mouthColours, skinLight } from './mouth-colours.js';
import type { MouthInside } from './mouth-inside.js';
import { paintInside } from './paint-inside.js';

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
  const at = calmest.frame * LANDMARK_FLOATS;
  const shape = shapeAt(track, calmest.frame, newShape());
  const [upper, lower] = [shape[3 * 13 + 1], shape[3 * 14 + 1]];
  const meetsAt = headAnchor(shape)[1] - (upper - UPPER_SHARE * Math.max(0, upper - lower));
  const planes = donorPlanes(library, calmest);
  const points = picturePoints(track.landmarks.subarray(at, at + LANDMARK_FLOATS));
  const colours = mouthColours(planes, points);
  const learnt = learnInside(track, seen, library, donors, jaw);
  if (learnt) return { ...learnt, rim: colours.rim };
  const grid = sheetGrid(medianOf(donors.map(({ frame }) => seen.scale[frame])));
  return paintInside(grid, colours, meetsAt, skinLight(planes.luma, points));
};
