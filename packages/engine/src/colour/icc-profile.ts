import {
  type ColourTransform,
  type Matrix,
  product,
  type Rgb,
  times,
  transpose,
} from './colour-transform.js';
import { adaptation, WHITE_D65, XYZ_TO_BT709 } from './primaries.js';

/** White of the space that profiles lead to (ICC.1: D50). */
const WHITE_D50: Rgb = [0.9642, 1, 0.8249];
const TAG_TABLE = 128;
const TAG_BYTES = 12;
/** Largest change of a code value, of 255, that nobody sees: the profile is as good as sRGB's. */
const SAME = 1.5 / 255;

type Curve = (code: number) => number;

const tagOf = (profile: Buffer, name: string): Buffer | undefined => {
  const count = Math.min(profile.readUInt32BE(TAG_TABLE), 100);
  for (let k = 0; k < count; k++) {
    const at = TAG_TABLE + 4 + k * TAG_BYTES;
    if (profile.toString('latin1', at, at + 4) !== name) continue;
    const start = profile.readUInt32BE(at + 4);
    return profile.subarray(start, start + profile.readUInt32BE(at + 8));
  }
  return undefined;
};

const fixed = (tag: Buffer, at: number): number => tag.readInt32BE(at) / 65_536;

const xyzOf = (tag: Buffer): Rgb => [fixed(tag, 8), fixed(tag, 12), fixed(tag, 16)];

/** Parameters of each kind of parametric curve (ICC.1, parametricCurveType). */
const PARAMETERS = [1, 3, 4, 5, 7];

const parametric = (tag: Buffer): Curve => {
  const kind = tag.readUInt16BE(8);
  const [g, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: PARAMETERS[kind] }, (_, k) =>
    fixed(tag, 12 + 4 * k),
  );
  const power = (x: number): number => Math.max(0, a * x + b) ** g;
  switch (kind) {
    case 0:
      return (x) => x ** g;
    case 1:
      return (x) => (x >= -b / a ? power(x) : 0);
    case 2:
      return (x) => (x >= -b / a ? power(x) + c : c);
    default:
      return (x) => (x >= d ? power(x) + e : c * x + f);
  }
};

const sampled = (tag: Buffer): Curve => {
  const count = tag.readUInt32BE(8);
  if (count === 0) return (x) => x;
  if (count === 1) return (x) => x ** (tag.readUInt16BE(12) / 256);
  const value = (k: number): number => tag.readUInt16BE(12 + 2 * k) / 65_535;
  return (x) => {
    const place = x * (count - 1);
    const k = Math.min(count - 2, Math.floor(place));
    return value(k) + (place - k) * (value(k + 1) - value(k));
  };
};

const curveOf = (tag: Buffer): Curve => {
  const kind = tag.toString('latin1', 0, 4);
  if (kind === 'para') return parametric(tag);
  if (kind === 'curv') return sampled(tag);
  throw new RangeError(`unknown curve ${kind}`);
};

/** sRGB's own curve (IEC 61966-2-1). */
const toSrgb = (light: number): number => {
  const inside = Math.min(1, Math.max(0, light));
  return inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055;
};

const transformOf = (profile: Buffer): ColourTransform | undefined => {
  if (profile.toString('latin1', 16, 20) !== 'RGB ') return undefined;
  const tags = ['rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'].map((name) => tagOf(profile, name));
  if (tags.some((tag) => tag === undefined)) return undefined;
  const [red, green, blue, ...trc] = tags as Buffer[];
  const [r, g, b] = trc.map(curveOf);
  const columns: Matrix = transpose([xyzOf(red), xyzOf(green), xyzOf(blue)]);
  const matrix = product(XYZ_TO_BT709, product(adaptation(WHITE_D50, WHITE_D65), columns));
  return (code) => {
    const light = times(matrix, [r(code[0]), g(code[1]), b(code[2])]);
    return [toSrgb(light[0]), toSrgb(light[1]), toSrgb(light[2])];
  };
};

const PROBES: readonly Rgb[] = [
  [1, 1, 1],
  [0.5, 0.5, 0.5],
  [0.8, 0.2, 0.2],
  [0.2, 0.8, 0.2],
  [0.2, 0.2, 0.8],
  [0.88, 0.67, 0.54],
];

/**
 * Colours of an ICC profile made of a matrix and curves, as those of cameras, phones and screens are, in sRGB.
 * Undefined where there is nothing to do (it is sRGB) or to go by (tables, CMYK, damage).
 */
export const colourOfProfile = (profile: Buffer): ColourTransform | undefined => {
  try {
    const transform = transformOf(profile);
    const isSame = (probe: Rgb): boolean =>
      transform!(probe).every((value, k) => Math.abs(value - probe[k]) < SAME);
    return transform && !PROBES.every(isSame) ? transform : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
