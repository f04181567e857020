/** Red, green and blue, 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Rows of a 3x3 matrix. */
export type Matrix = readonly [Rgb, Rgb, Rgb];

/** What a picture's code values become so that a bt709 screen shows its colours. */
export type ColourTransform = (code: Rgb) => Rgb;

export const times = (m: Matrix, [x, y, z]: Rgb): Rgb => [
  m[0][0] * x + m[0][1] * y + m[0][2] * z,
  m[1][0] * x + m[1][1] * y + m[1][2] * z,
  m[2][0] * x + m[2][1] * y + m[2][2] * z,
];

export const product = (a: Matrix, b: Matrix): Matrix => {
  const columns = transpose(b).map((column) => times(a, column)) as [Rgb, Rgb, Rgb];
  return transpose(columns);
};

export const transpose = (m: Matrix): Matrix => [
  [m[0][0], m[1][0], m[2][0]],
  [m[0][1], m[1][1], m[2][1]],
  [m[0][2], m[1][2], m[2][2]],
];

export const inverse = ([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix => {
  const minors: Matrix = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ];
  const determinant = a * minors[0][0] + b * minors[1][0] + c * minors[2][0];
  return minors.map((row) => row.map((value) => value / determinant)) as unknown as Matrix;
};
