/**
 * The lips in columns, from the corner at the left of the picture (index 0) to the one at the right (10). Each
 * column lists its landmarks from the inner lip line outwards: inner, two rings of red lip, outer lip line.
 */
export const UPPER_LIP_COLUMNS: readonly (readonly [number, number, number, number])[] = [
  [78, 76, 62, 61],
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
  [78, 76, 62, 61],
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

/** The 80 landmarks that the attention mesh refines: every ring of both lips. */
export const LIP_LANDMARKS: readonly number[] = [
  ...new Set([...UPPER_LIP_COLUMNS, ...LOWER_LIP_COLUMNS].flat()),
];
export const IS_LIP: Uint8Array = Uint8Array.from({ length: 468 }, (_, i) =>
  LIP_LANDMARKS.includes(i) ? 1 : 0,
);

/** Gap of each column when a mouth opens from fully closed, as a share of the gap in the middle. */
export const OPENING_PROFILE: readonly number[] = [0, 0.35, 0.65, 0.85, 0.97, 1, 0.97, 0.85, 0.65, 0.35, 0];

/** The five middle columns, over which aperture is measured. */
export const MEASURED_COLUMNS: readonly number[] = [3, 4, 5, 6, 7];

/** Landmarks under the nose that hardly move in speech; they tie a donor's mouth to the base face. */
export const PHILTRUM_ANCHORS: readonly number[] = [2, 164, 97, 326, 98, 327];
