import { LOWER_LIP_COLUMNS, UPPER_LIP_COLUMNS } from '../face/landmark-indices.js';
import { smoothstep } from '../mouth-space/lower-face.js';

/** Share of the way from the inner lip line to the next ring from which an open mouth's lips are taken. */
const WITHIN = 0.34;
/** Gaps, in IOD, between which this sets in: closed lips keep the crease between them. */
const OPEN_GAP: readonly [number, number] = [0.008, 0.03];

/**
 * Moves the inner lip line of an open mouth into the lips. The tracker puts it a pixel or two off, on teeth that are
 * bright; lips taken from there would carry a line of teeth along their edge wherever they are drawn. Closed ones that are
 * drawn open would carry the dark crease between them.
 *
 * @param points landmarks that a picture is taken from, x y pairs in pixels; changed in place
 * @param opened by how much the lips are drawn open at least, IOD
 */
export const takeFromWithinLips = (points: Float64Array, iod: number, opened = 0): void => {
  for (let k = 1; k < UPPER_LIP_COLUMNS.length - 1; k++) {
    const [upper, upperRing] = UPPER_LIP_COLUMNS[k];
    const [lower, lowerRing] = LOWER_LIP_COLUMNS[k];
    const gap =
      Math.hypot(points[2 * lower] - points[2 * upper], points[2 * lower + 1] - points[2 * upper + 1]) / iod;
    const share = WITHIN * smoothstep((Math.max(gap, opened) - OPEN_GAP[0]) / (OPEN_GAP[1] - OPEN_GAP[0]));
    for (let c = 0; c < 2; c++) {
      points[2 * upper + c] += share * (points[2 * upperRing + c] - points[2 * upper + c]);
      points[2 * lower + c] += share * (points[2 * lowerRing + c] - points[2 * lower + c]);
    }
  }
};
