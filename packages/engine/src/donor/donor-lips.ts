import type { FaceTrack } from '../face/face-track.js';
import { LIP_LANDMARKS, PHILTRUM_ANCHORS } from '../face/landmark-indices.js';
import type { ArticulationBasis } from '../mouth-space/articulation-basis.js';
import { newShape, type Shape, shapeAt } from '../mouth-space/face-space.js';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';

/** Values per frame of a lip offset: x, y of the 80 lip landmarks. */
export const LIP_OFFSET_FLOATS: number = LIP_LANDMARKS.length * 2;

/** How much of the donor's own lip shape is taken over; the rest is the base shape moved by the basis. */
const DONOR_SHARE = 0.75;

const anchorDifference = (base: Shape, donor: Shape, axis: number): number =>
  PHILTRUM_ANCHORS.reduce((sum, i) => sum + base[3 * i + axis] - donor[3 * i + axis], 0) /
  PHILTRUM_ANCHORS.length;

/**
 * For a run of output frames: how the donor's real lips differ from what the basis alone would make of the base
 * frame's lips, in face space. Both would be brought to the commanded aperture and width by the same basis, so the
 * command itself cancels out.
 *
 * @param source base frame of each output frame
 * @param donorFrame donor's source frame of each output frame
 * @param out LIP_OFFSET_FLOATS per output frame
 */
export const lipOffsets = (
  track: FaceTrack,
  seen: MouthObservations,
  basis: ArticulationBasis,
  source: Int32Array,
  donorFrame: Int32Array,
  out: Float32Array,
): void => {
  const base = newShape();
  const donor = newShape();
  for (let t = 0; t < source.length; t++) {
    const b = source[t];
    const d = donorFrame[t];
    shapeAt(track, b, base);
    shapeAt(track, d, donor);
    const aperture = seen.aperture[b] - seen.aperture[d];
    const width = seen.width[b] - seen.width[d];
    for (let axis = 0; axis < 2; axis++) {
      const shift = anchorDifference(base, donor, axis);
      LIP_LANDMARKS.forEach((i, k) => {
        const c = 3 * i + axis;
        const moved = donor[c] + shift + basis.perAperture[c] * aperture + basis.perWidth[c] * width;
        out[t * LIP_OFFSET_FLOATS + 2 * k + axis] = DONOR_SHARE * (moved - base[c]);
      });
    }
  }
};
