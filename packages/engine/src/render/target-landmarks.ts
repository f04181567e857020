import { LIP_OFFSET_FLOATS } from '../donor/donor-lips.js';
import { canonicalFace } from '../face/canonical-face.js';
import { LANDMARK_COUNT } from '../face/face-track.js';
import {
  INNER_LOWER,
  INNER_UPPER,
  IS_LIP,
  LIP_COLUMNS,
  LIP_LANDMARKS,
  LOWER_LIP_COLUMNS,
  MEASURED_COLUMNS,
  MOUTH_LEFT,
  MOUTH_RIGHT,
  OPENING_PROFILE,
  OUTER_LIP_LINE,
  UPPER_LIP_COLUMNS,
} from '../face/landmark-indices.js';
import type { ArticulationBasis } from '../mouth-space/articulation-basis.js';
import { newShape, type Shape } from '../mouth-space/face-space.js';
import { lowerFace } from '../mouth-space/lower-face.js';
import type { MouthMeasures } from '../mouth-space/measure-mouth.js';

/** What one frame's mouth has to become. Lengths in IOD. */
export type MouthTarget = {
  readonly aperture: number;
  readonly width: number;
  /** Low-passed aperture that the chin follows, and the same of the base frame's own mouth. */
  readonly jaw: number;
  readonly baseJaw: number;
  /** 0 to 1. */
  readonly labiodental: number;
  /** LIP_OFFSET_FLOATS values from `lipOffsetAt`: the donor's lip shape over the basis. */
  readonly lipOffset: Float32Array;
  readonly lipOffsetAt: number;
};

const MEASURED_PROFILE =
  MEASURED_COLUMNS.reduce((sum, k) => sum + OPENING_PROFILE[k], 0) / MEASURED_COLUMNS.length;
/** How far each ring of a lip, from the inner line outwards, follows a shift of the inner line. */
const RING_SHARE = [1, 0.85, 0.6, 0.4];
/** The lower lip does most of the opening. */
const UPPER_SHARE = 0.35;
/** Below this gap, in IOD, the present profile is too small to be scaled and the standard one is used. */
const SMALL_GAP = 0.02;
const CLOSED_BELOW = 0.004;
/** For f and v the lower lip rolls in under the teeth: its outer line rises this far. */
const LABIODENTAL_RAISE = 0.03;

/** Shifts the lips of one column; positive `shift` is up. */
const shiftColumn = (shape: Shape, column: readonly number[], shift: number): void => {
  for (let ring = 0; ring < 4; ring++) shape[3 * column[ring] + 1] += shift * RING_SHARE[ring];
};

/** Stretches the lips sideways about the mouth's middle until the corners are `width` centimetres apart. */
const forceWidth = (shape: Shape, width: number): void => {
  const left = 3 * MOUTH_LEFT;
  const right = 3 * MOUTH_RIGHT;
  const dx = shape[right] - shape[left];
  const rest = (shape[right + 1] - shape[left + 1]) ** 2 + (shape[right + 2] - shape[left + 2]) ** 2;
  const stretch = Math.sqrt(Math.max(0.25 * dx * dx, width * width - rest)) / dx;
  const middle = (shape[left] + shape[right]) / 2;
  for (const i of LIP_LANDMARKS) shape[3 * i] = middle + (shape[3 * i] - middle) * stretch;
};

const rollLowerLipIn = (shape: Shape, raise: number): void => {
  for (let k = 1; k < LIP_COLUMNS - 1; k++) {
    const column = LOWER_LIP_COLUMNS[k];
    for (let ring = 1; ring < 4; ring++)
      shape[3 * column[ring] + 1] += (raise * OPENING_PROFILE[k] * ring) / 3;
  }
};

/** Opens or closes every column so that the measured aperture is exactly `gap` centimetres; lips never cross. */
const forceGap = (shape: Shape, gap: number, smallGap: number): void => {
  const present = INNER_UPPER.map((u, k) => Math.max(0, shape[3 * u + 1] - shape[3 * INNER_LOWER[k] + 1]));
  const mean = MEASURED_COLUMNS.reduce((sum, k) => sum + present[k], 0) / MEASURED_COLUMNS.length;
  const mix = Math.min(1, mean / smallGap);
  for (let k = 1; k < LIP_COLUMNS - 1; k++) {
    const scaled = mean > 0 ? (present[k] * gap) / mean : 0;
    const wanted = mix * scaled + ((1 - mix) * gap * OPENING_PROFILE[k]) / MEASURED_PROFILE;
    const change = wanted - (shape[3 * INNER_UPPER[k] + 1] - shape[3 * INNER_LOWER[k] + 1]);
    shiftColumn(shape, UPPER_LIP_COLUMNS[k], UPPER_SHARE * change);
    shiftColumn(shape, LOWER_LIP_COLUMNS[k], (UPPER_SHARE - 1) * change);
  }
};

/** Makes target shapes; holds scratch memory, one per thread. */
export class TargetLandmarks {
  readonly #target: Shape = newShape();
  readonly #expected: Shape = newShape();

  /**
   * The base frame's shape with the commanded mouth: aperture and width exact, head, smile and everything above the nose
   * base untouched. The returned shape is reused by the next call.
   */
  compute(shape: Shape, now: MouthMeasures, target: MouthTarget, basis: ArticulationBasis): Shape {
    const { weight, carry } = lowerFace();
    const iod = canonicalFace().eyeCornerDistance;
    const out = this.#target;
    const da = target.aperture - now.aperture;
    const dw = target.width - now.width;
    const dj = target.jaw - target.baseJaw;
    for (let i = 0; i < LANDMARK_COUNT; i++) {
      const opening = IS_LIP[i] ? da : dj;
      for (let c = 3 * i; c < 3 * i + 3; c++) {
        out[c] = shape[c] + weight[i] * (basis.perAperture[c] * opening + basis.perWidth[c] * dw);
      }
    }
    // Where the skin expects the lips to be: moved as far as the jaw, not the aperture, moves them.
    const expected = this.#expected;
    for (const i of OUTER_LIP_LINE) {
      for (let c = 3 * i; c < 3 * i + 3; c++) expected[c] = out[c] - basis.perAperture[c] * (da - dj);
    }
    const { lipOffset, lipOffsetAt: at } = target;
    for (let k = 0; k < LIP_OFFSET_FLOATS / 2; k++) {
      out[3 * LIP_LANDMARKS[k]] += lipOffset[at + 2 * k];
      out[3 * LIP_LANDMARKS[k] + 1] += lipOffset[at + 2 * k + 1];
    }
    forceWidth(out, target.width * iod);
    if (target.labiodental > 0) rollLowerLipIn(out, target.labiodental * LABIODENTAL_RAISE * iod);
    forceGap(out, target.aperture < CLOSED_BELOW ? 0 : target.aperture * iod, SMALL_GAP * iod);
    this.#carryToSkin(out, expected, carry);
    return out;
  }

  #carryToSkin(out: Shape, expected: Shape, carry: readonly (Float64Array | undefined)[]): void {
    carry.forEach((weights, i) => {
      if (!weights) return;
      for (let c = 0; c < 3; c++) {
        let moved = 0;
        for (let j = 0; j < OUTER_LIP_LINE.length; j++) {
          const p = 3 * OUTER_LIP_LINE[j] + c;
          moved += weights[j] * (out[p] - expected[p]);
        }
        out[3 * i + c] += moved;
      }
    });
  }
}
