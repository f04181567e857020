import { canonicalFace } from '../face/canonical-face.js';
import { LANDMARK_COUNT } from '../face/face-track.js';
import { IS_LIP, NOSE_BASE, OUTER_LIP_LINE, UPPER_LIP_TOP } from '../face/landmark-indices.js';

/** Which landmarks follow the mouth, and how much. Computed once from the canonical face. */
export type LowerFace = {
  /** Per landmark, 0 (above the nose base: never moves) to 1 (from the upper lip down). */
  readonly weight: Float64Array;
  /**
   * Per landmark that is not a lip point: how a displacement of the 20 outer lip points is carried to the skin
   * around them, so that the mesh does not fold. Undefined where the lips are too far away.
   */
  readonly carry: readonly (Float64Array | undefined)[];
};

/** Reach of the carry in mouth widths; the deformation of real skin has faded there. */
const CARRY_REACH = 0.45;

export const smoothstep = (t: number): number => {
  const u = Math.max(0, Math.min(1, t));
  return u * u * (3 - 2 * u);
};

const landmarkWeights = (vertices: Float64Array): Float64Array => {
  const top = vertices[3 * NOSE_BASE + 1] + 0.35;
  const bottom = vertices[3 * UPPER_LIP_TOP + 1] + 0.1;
  return Float64Array.from({ length: LANDMARK_COUNT }, (_, i) =>
    IS_LIP[i] ? 1 : smoothstep((top - vertices[3 * i + 1]) / (top - bottom)),
  );
};

const carryWeights = (vertices: Float64Array, weight: Float64Array): (Float64Array | undefined)[] => {
  const distance = (a: number, b: number) =>
    Math.hypot(vertices[3 * a] - vertices[3 * b], vertices[3 * a + 1] - vertices[3 * b + 1]);
  const reach = CARRY_REACH * distance(OUTER_LIP_LINE[0], OUTER_LIP_LINE[10]);
  return Array.from({ length: LANDMARK_COUNT }, (_, i) => {
    if (IS_LIP[i] || weight[i] === 0) return undefined;
    const distances = OUTER_LIP_LINE.map((j) => distance(i, j));
    const t = Math.min(...distances) / reach;
    if (t >= 1) return undefined;
    const closeness = distances.map((d) => 1 / (d * d + 0.05) ** 2);
    const total = closeness.reduce((a, b) => a + b, 0);
    const k = ((1 - t) * (1 - t) * (1 + 2 * t) * weight[i]) / total;
    return Float64Array.from(closeness, (c) => c * k);
  });
};

let cached: LowerFace | undefined;

export const lowerFace = (): LowerFace => {
  if (!cached) {
    const { vertices } = canonicalFace();
    const weight = landmarkWeights(vertices);
    cached = { weight, carry: carryWeights(vertices, weight) };
  }
  return cached;
};
