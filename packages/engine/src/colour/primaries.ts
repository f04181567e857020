import { inverse, type Matrix, product, type Rgb, times, transpose } from './colour-transform.js';

type Chromaticity = readonly [x: number, y: number];

type Primaries = {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
};

const D65: Chromaticity = [0.3127, 0.329];

/**
 * Primaries of ITU-T H.273 under the names that ffprobe prints, of pictures whose colours a bt709 screen would show
 * wrong. Those of bt601 differ by less than cameras do, and players ignore the difference.
 */
const WIDE: Readonly<Record<string, Primaries>> = {
  bt2020: { red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046], white: D65 },
  smpte432: { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06], white: D65 },
  smpte431: { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06], white: [0.314, 0.351] },
};

const BT709: Primaries = { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: D65 };

const xyzOf = ([x, y]: Chromaticity): Rgb => [x / y, 1, (1 - x - y) / y];

/** Bradford's cone responses, for the adaptation of one white to another. */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** Light under one white as it would be under another. */
export const adaptation = (from: Rgb, to: Rgb): Matrix => {
  const [a, b] = [times(BRADFORD, from), times(BRADFORD, to)];
  const scale: Matrix = [
    [b[0] / a[0], 0, 0],
    [0, b[1] / a[1], 0],
    [0, 0, b[2] / a[2]],
  ];
  return product(inverse(BRADFORD), product(scale, BRADFORD));
};

/** Linear light of these primaries to XYZ (SMPTE RP 177). */
const toXyz = ({ red, green, blue, white }: Primaries): Matrix => {
  const columns: Matrix = transpose([xyzOf(red), xyzOf(green), xyzOf(blue)]);
  const [r, g, b] = times(inverse(columns), xyzOf(white));
  return product(columns, [
    [r, 0, 0],
    [0, g, 0],
    [0, 0, b],
  ]);
};

/** XYZ under D65 to linear light of bt709, which is that of sRGB too. */
export const XYZ_TO_BT709: Matrix = inverse(toXyz(BT709));

export const WHITE_D65: Rgb = xyzOf(D65);

/** Whether pictures of these primaries need {@link toBt709}. */
export const areWide = (name: string | undefined): name is string => name !== undefined && name in WIDE;

/** Linear light of named primaries to that of bt709, white staying white; colours that bt709 lacks leave 0 to 1. */
export const toBt709 = (name: string): Matrix => {
  const primaries = WIDE[name] ?? BT709;
  const adapted = product(adaptation(xyzOf(primaries.white), WHITE_D65), toXyz(primaries));
  return product(XYZ_TO_BT709, adapted);
};
