import { canonicalFace } from '../face/canonical-face.js';
import {
  CHIN,
  INNER_LOWER,
  INNER_UPPER,
  MEASURED_COLUMNS,
  MOUTH_LEFT,
  MOUTH_RIGHT,
  NOSE_BASE,
} from '../face/landmark-indices.js';
import type { Shape } from './face-space.js';

/** A mouth in numbers, all in IOD (outer-eye-corner distances). */
export type MouthMeasures = {
  /** Mean gap between the inner lips over the five middle columns; 0 closed, about 0.3 wide open. */
  aperture: number;
  /** Distance of the mouth corners. */
  width: number;
  /** Height of the chin below the nose base, negative. */
  jaw: number;
};

export const measureMouth = (shape: Shape): MouthMeasures => {
  const iod = canonicalFace().eyeCornerDistance;
  let gap = 0;
  for (const k of MEASURED_COLUMNS) {
    gap += Math.max(0, shape[3 * INNER_UPPER[k] + 1] - shape[3 * INNER_LOWER[k] + 1]);
  }
  const dx = shape[3 * MOUTH_LEFT] - shape[3 * MOUTH_RIGHT];
  const dy = shape[3 * MOUTH_LEFT + 1] - shape[3 * MOUTH_RIGHT + 1];
  const dz = shape[3 * MOUTH_LEFT + 2] - shape[3 * MOUTH_RIGHT + 2];
  return {
    aperture: gap / MEASURED_COLUMNS.length / iod,
    width: Math.hypot(dx, dy, dz) / iod,
    jaw: (shape[3 * CHIN + 1] - shape[3 * NOSE_BASE + 1]) / iod,
  };
};
