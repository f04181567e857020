import { LANDMARK_COUNT } from './face-track.js';

/**
 * Landmarks by name: indices into the 468 points of MediaPipe's canonical face. "Left" and "right" are as seen
 * in the picture. Lip lines start at the left corner of the mouth, the oval at the top.
 */

/** Outer corner of the eye at the left and at the right of the picture: their distance is the unit "IOD". */
export const LEFT_EYE_OUTER = 33;
export const RIGHT_EYE_OUTER = 263;

/** Corners of the mouth (outer lip line). */
export const MOUTH_LEFT = 61;
export const MOUTH_RIGHT = 291;

/** Middle of the outer lip line, above and below. */
export const UPPER_LIP_TOP = 0;
export const LOWER_LIP_BOTTOM = 17;

/** Lowest point of the chin. */
export const CHIN = 152;

/** Tip of the nose. */
export const NOSE_TIP = 1;

/** Tip-side base of the nose, the lowest point of the nose on the midline. */
export const NOSE_BASE = 2;

/** Landmarks under the nose that hardly move in speech; they tie a donor's mouth to the base face. */
export const PHILTRUM_ANCHORS: readonly number[] = [2, 164, 97, 326, 98, 327];

/** Outline of the face: from the top of the forehead down the right side of the picture, chin, up; closed. */
export const FACE_OVAL: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/**
 * The lips in columns, from the corner at the left of the picture (index 0) to the one at the right (10). Each
 * column lists its landmarks from the inner lip line outwards: inner, two rings of red lip, outer lip line.
 */
export const UPPER_LIP_COLUMNS: readonly (readonly [number, number, number, number])[] = [
  [78, 62, 76, 61],
  [191, 183, 184, 185],
  [80, 42, 74, 40],
  [81, 41, 73, 39],
  [82, 38, 72, 37],
  [13, 12, 11, 0],
  [312, 268, 302, 267],
  [311, 271, 303, 269],
  [310, 272, 304, 270],
  [415, 407, 408, 409],
  [308, 292, 306, 291],
];

export const LOWER_LIP_COLUMNS: readonly (readonly [number, number, number, number])[] = [
  [78, 62, 76, 61],
  [95, 96, 77, 146],
  [88, 89, 90, 91],
  [178, 179, 180, 181],
  [87, 86, 85, 84],
  [14, 15, 16, 17],
  [317, 316, 315, 314],
  [402, 403, 404, 405],
  [318, 319, 320, 321],
  [324, 325, 307, 375],
  [308, 292, 306, 291],
];

/** Number of lip columns, corners included. */
export const LIP_COLUMNS = 11;

export const INNER_UPPER: readonly number[] = UPPER_LIP_COLUMNS.map((column) => column[0]);
export const INNER_LOWER: readonly number[] = LOWER_LIP_COLUMNS.map((column) => column[0]);
const outerUpper = UPPER_LIP_COLUMNS.map((column) => column[3]);
const outerLower = LOWER_LIP_COLUMNS.map((column) => column[3]);

/** Inner lip line as a closed polygon of 20 landmarks. */
export const INNER_LIP_LINE: readonly number[] = [...INNER_UPPER, ...INNER_LOWER.slice(1, -1).reverse()];
/** Outer lip line as a closed polygon of 20 landmarks. */
export const OUTER_LIP_LINE: readonly number[] = [...outerUpper, ...outerLower.slice(1, -1).reverse()];

/** A ring of both lips, lower lip with corners left to right, then upper lip left to right. */
const ringOf = (ring: 0 | 1 | 2 | 3): number[] => [
  ...LOWER_LIP_COLUMNS.map((column) => column[ring]),
  ...UPPER_LIP_COLUMNS.slice(1, -1).map((column) => column[ring]),
];

/** The inner lip line and the ring next to it. */
export const INNER_LIP_RINGS: readonly number[] = [...ringOf(0), ...ringOf(1)];

/**
 * The 80 lip landmarks in the order of the attention mesh's lip head (`tensors_to_landmarks` refinement of MediaPipe's
 * face_landmark_with_attention): outer line, inner line, then the ring next to the outer and the one next to the inner.
 */
export const LIP_LANDMARKS: readonly number[] = ([3, 0, 2, 1] as const).flatMap(ringOf);

/** 1 for each of the 468 landmarks that lies on the lips. */
export const IS_LIP: Uint8Array = Uint8Array.from({ length: LANDMARK_COUNT }, (_, i) =>
  LIP_LANDMARKS.includes(i) ? 1 : 0,
);

/** Gap of each column when a mouth opens from fully closed, as a share of the gap in the middle. */
export const OPENING_PROFILE: readonly number[] = [0, 0.35, 0.65, 0.85, 0.97, 1, 0.97, 0.85, 0.65, 0.35, 0];

/** The five middle columns, over which aperture is measured. */
export const MEASURED_COLUMNS: readonly number[] = [3, 4, 5, 6, 7];
