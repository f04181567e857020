import { canonicalFace } from '../face/canonical-face.js';
import { LANDMARK_COUNT, LANDMARK_FLOATS } from '../face/face-track.js';
import {
  CHIN,
  LOWER_LIP_COLUMNS,
  MOUTH_LEFT,
  MOUTH_RIGHT,
  OPENING_PROFILE,
  UPPER_LIP_COLUMNS,
} from '../face/landmark-indices.js';
import type { Shape } from './face-space.js';
import type { MouthMeasures } from './measure-mouth.js';

/**
 * How every landmark moves, in face-space centimetres, per IOD of aperture and per IOD of mouth width. The measures are
 * linear enough in speech for a straight line per coordinate.
 */
export type ArticulationBasis = {
  readonly perAperture: Float64Array;
  readonly perWidth: Float64Array;
};

/** x, y, z per unit of aperture, then per unit of width; face space over IOD. */
type Motion = readonly [number, number, number, number, number, number];

/**
 * Motion of skin landmarks of the left half and the midline. Authored: the chin turns about the ears, the cheeks stay.
 * Signs and sizes agree with what regression finds on talking people.
 */
const SKIN: readonly (readonly [landmark: number, motion: Motion])[] = [
  [164, [0, 0.1, 0.01, 0, 0.04, 0]],
  [2, [0, 0, 0, 0, 0, 0]],
  [98, [0, 0, 0, 0, 0, 0]],
  [18, [0, -0.52, -0.34, 0, 0.08, 0.05]],
  [200, [0, -0.42, -0.36, 0, 0.06, 0.06]],
  [152, [0, -0.32, -0.3, 0, 0.04, 0.05]],
  [176, [0, -0.23, -0.26, 0, 0.03, 0]],
  [150, [0, -0.13, -0.15, 0, 0, 0]],
  [172, [0.04, -0.05, 0, 0, 0, 0]],
  [61, [0, -0.08, -0.15, -0.5, 0.15, -0.15]],
  [57, [0, -0.07, -0.12, -0.34, 0.12, -0.09]],
  [205, [0, -0.03, -0.04, -0.08, 0.06, 0.02]],
  [58, [0, 0, 0, 0, 0, 0]],
  [132, [0, 0, 0, 0, 0, 0]],
  [93, [0, 0, 0, 0, 0, 0]],
  [50, [0, 0, 0, 0, 0, 0]],
];

/** Motion in the middle of each lip, from the inner line outwards, and of the corners; columns between take a share. */
const UPPER_LIP: readonly Motion[] = [
  [0, 0.3, 0.05, 0, 0.1, 0],
  [0, 0.27, 0.04, 0, 0.1, 0],
  [0, 0.23, 0.03, 0, 0.09, 0],
  [0, 0.2, 0.02, 0, 0.08, 0],
];
const LOWER_LIP: readonly Motion[] = [
  [0, -0.7, -0.27, 0, 0.05, 0],
  [0, -0.68, -0.29, 0, 0.07, 0],
  [0, -0.65, -0.31, 0, 0.09, 0],
  [0, -0.62, -0.32, 0, 0.1, 0],
];
const CORNER: Motion = [0, -0.08, -0.14, 0, 0.15, -0.15];

/** Ridge weight of the generic motion against the clip's own, in IOD squared: a spread of 0.027 IOD counts half. */
const RIDGE = 0.3 * 0.05 * 0.05;

const set = (basis: ArticulationBasis, landmark: number, motion: ArrayLike<number>, unit: number): void => {
  for (let c = 0; c < 3; c++) {
    basis.perAperture[3 * landmark + c] = motion[c] * unit;
    basis.perWidth[3 * landmark + c] = motion[c + 3] * unit;
  }
};

/** Inverse-distance interpolation of the authored skin points, mirrored to the right half. */
const interpolateSkin = (basis: ArticulationBasis): void => {
  const { vertices, eyeCornerDistance } = canonicalFace();
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const x = -Math.abs(vertices[3 * i]);
    const y = vertices[3 * i + 1];
    let total = 0;
    const motion = new Float64Array(6);
    for (const [landmark, values] of SKIN) {
      const dx = x + Math.abs(vertices[3 * landmark]);
      const dy = y - vertices[3 * landmark + 1];
      const w = 1 / (dx * dx + dy * dy + 0.02) ** 2;
      total += w;
      for (let c = 0; c < 6; c++) motion[c] += w * values[c];
    }
    if (vertices[3 * i] > 0) {
      motion[0] = -motion[0];
      motion[3] = -motion[3];
    }
    set(basis, i, motion, eyeCornerDistance / total);
  }
};

/** Lips open along the opening profile and stretch sideways evenly. */
const shapeLips = (basis: ArticulationBasis): void => {
  const { vertices, eyeCornerDistance } = canonicalFace();
  const span = vertices[3 * MOUTH_RIGHT] - vertices[3 * MOUTH_LEFT];
  const columns = [
    { lip: UPPER_LIP, lipColumns: UPPER_LIP_COLUMNS },
    { lip: LOWER_LIP, lipColumns: LOWER_LIP_COLUMNS },
  ];
  for (const { lip, lipColumns } of columns) {
    lipColumns.forEach((column, k) => {
      column.forEach((landmark, ring) => {
        const share = OPENING_PROFILE[k];
        const motion = lip[ring].map((middle, c) => CORNER[c] + (middle - CORNER[c]) * share);
        motion[3] = vertices[3 * landmark] / span;
        set(basis, landmark, motion, eyeCornerDistance);
      });
    });
  }
};

/** The generic basis, at every landmark. */
export const genericBasis = (): ArticulationBasis => {
  const basis = {
    perAperture: new Float64Array(LANDMARK_FLOATS),
    perWidth: new Float64Array(LANDMARK_FLOATS),
  };
  interpolateSkin(basis);
  shapeLips(basis);
  return basis;
};

/**
 * Fits a person's own basis over usable frames, one frame at a time, so that no frame has to be kept: ridge
 * regression of each coordinate on aperture and width, drawn towards the generic basis. Someone who hardly articulates stays generic.
 */
export class BasisFit {
  #count = 0;
  #a = 0;
  #w = 0;
  #aa = 0;
  #ww = 0;
  #aw = 0;
  readonly #x: Float64Array = new Float64Array(LANDMARK_FLOATS);
  readonly #xa: Float64Array = new Float64Array(LANDMARK_FLOATS);
  readonly #xw: Float64Array = new Float64Array(LANDMARK_FLOATS);

  add(shape: Shape, { aperture, width }: MouthMeasures): void {
    this.#count++;
    this.#a += aperture;
    this.#w += width;
    this.#aa += aperture * aperture;
    this.#ww += width * width;
    this.#aw += aperture * width;
    for (let i = 0; i < LANDMARK_FLOATS; i++) {
      this.#x[i] += shape[i];
      this.#xa[i] += shape[i] * aperture;
      this.#xw[i] += shape[i] * width;
    }
  }

  solve(): ArticulationBasis {
    const generic = genericBasis();
    const n = this.#count;
    if (n < 2) return generic;
    const a = this.#a / n;
    const w = this.#w / n;
    const aa = this.#aa / n - a * a + RIDGE;
    const ww = this.#ww / n - w * w + RIDGE;
    const aw = this.#aw / n - a * w;
    const determinant = aa * ww - aw * aw;
    const perAperture = new Float64Array(LANDMARK_FLOATS);
    const perWidth = new Float64Array(LANDMARK_FLOATS);
    for (let i = 0; i < LANDMARK_FLOATS; i++) {
      const x = this.#x[i] / n;
      const ca = this.#xa[i] / n - x * a + RIDGE * generic.perAperture[i];
      const cw = this.#xw[i] / n - x * w + RIDGE * generic.perWidth[i];
      perAperture[i] = (ca * ww - cw * aw) / determinant;
      perWidth[i] = (cw * aa - ca * aw) / determinant;
    }
    return jawDrops(perAperture, generic) ? { perAperture, perWidth } : generic;
  }
}

/**
 * A permanent smiler opens the mouth by drawing the lips back: learnt from that, "ah" would be a grin. Where the chin
 * drops less than half as far as a chin does, the generic jaw is the better guess.
 */
const jawDrops = (perAperture: Float64Array, generic: ArticulationBasis): boolean =>
  perAperture[3 * CHIN + 1] < 0.5 * generic.perAperture[3 * CHIN + 1];
