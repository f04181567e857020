/**
 * Landmarks by name: indices into the 468 points of MediaPipe's canonical face. "Left" and "right" are as seen
 * in the picture. All contours start at the left corner of the mouth (or at the top, for the oval).
 */

/** Outer corner of the eye at the left and at the right of the picture: their distance is the unit "IOD". */
export const LEFT_EYE_OUTER = 33;
export const RIGHT_EYE_OUTER = 263;

/** Corners of the mouth (outer lip line). */
export const MOUTH_LEFT = 61;
export const MOUTH_RIGHT = 291;

/** Lowest point of the chin. */
export const CHIN = 152;

/** Tip-side base of the nose, the lowest point of the nose on the midline. */
export const NOSE_BASE = 2;

/** Outer lip line: left corner, lower lip, right corner, upper lip; closed. */
export const OUTER_LIP: readonly number[] = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
];

/**
 * The 80 lip points in the order of the attention mesh's lip head (`tensors_to_landmarks` refinement of
 * MediaPipe's face_landmark_with_attention): outer line, inner line and two lines between, each lower lip left to
 * right then upper lip left to right.
 */
export const LIPS80: readonly number[] = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409, 78, 95, 88, 178,
  87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415, 76, 77, 90, 180, 85, 16, 315, 404,
  320, 307, 306, 184, 74, 73, 72, 11, 302, 303, 304, 408, 62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292,
  183, 42, 41, 38, 12, 268, 271, 272, 407,
];

/** Pairs (upper, lower) of inner lip points whose mean distance is the aperture of the mouth. */
export const APERTURE_PAIRS: readonly (readonly [upper: number, lower: number])[] = [
  [81, 178],
  [82, 87],
  [13, 14],
  [312, 317],
  [311, 402],
];

/** Outline of the face: from the top of the forehead down the right side of the picture, chin, up; closed. */
export const FACE_OVAL: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
