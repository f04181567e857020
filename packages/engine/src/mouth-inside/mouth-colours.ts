import type { Plane } from '../picture/affine-warp.js';
import type { PicturePlanes } from '../picture/planes.js';

/** A colour as luma, U, V, 0 to 255 (bt709, limited range). */
export type Yuv = readonly [luma: number, u: number, v: number];
type Rgb = readonly [red: number, green: number, blue: number];

/** ITU-R BT.709 limited range. */
export const toRgb = ([luma, u, v]: Yuv): Rgb => {
  const y = 1.164384 * (luma - 16);
  return [
    y + 1.792741 * (v - 128),
    y - 0.213249 * (u - 128) - 0.532909 * (v - 128),
    y + 2.112402 * (u - 128),
  ];
};

export const toYuv = ([r, g, b]: Rgb): Yuv => [
  16 + 0.182586 * r + 0.614231 * g + 0.062007 * b,
  128 - 0.100644 * r - 0.338572 * g + 0.439216 * b,
  128 + 0.439216 * r - 0.398942 * g - 0.040274 * b,
];

const scaled = (colour: Rgb, factors: Rgb, add = 0): Rgb => [
  colour[0] * factors[0] + add,
  colour[1] * factors[1] + add,
  colour[2] * factors[2] + add,
];

/** Colours of a mouth's inside, derived from the lips and the skin around, hence lit as the face is. */
export type MouthColours = {
  readonly cavity: Yuv;
  /** The lips' inner side. */
  readonly rim: Yuv;
  readonly tongue: Yuv;
  readonly tooth: Yuv;
  /** Teeth in shade fall towards this; a grey shade would look green against lips. */
  readonly shadedTooth: Yuv;
};

/** Skin under the mouth, beside the corners and under the nose. */
const SKIN_POINTS = [18, 200, 206, 426, 164, 57, 287];
/** The red of both lips, away from their edges. */
const LIP_POINTS = [86, 316, 15, 72, 302, 85, 315];

const meanColour = (planes: PicturePlanes, points: Float64Array, indices: readonly number[]): Yuv => {
  const sum = [0, 0, 0];
  const { luma, u, v } = planes;
  for (const i of indices) {
    const x = Math.max(0, Math.min(luma.width - 1, Math.floor(points[2 * i] - luma.x)));
    const y = Math.max(0, Math.min(luma.height - 1, Math.floor(points[2 * i + 1] - luma.y)));
    const c = (y >> 1) * u.stride + (x >> 1);
    sum[0] += luma.data[y * luma.stride + x];
    sum[1] += u.data[c];
    sum[2] += v.data[c];
  }
  return [sum[0] / indices.length, sum[1] / indices.length, sum[2] / indices.length];
};

/** Half the side of the patches that light is measured on, pixels. */
const PATCH = 2;

/**
 * Mean luma of the skin around a mouth, above black: how well it is lit.
 *
 * @param points landmarks in frame pixels
 */
export const skinLight = (
  { data, x: left, y: top, width, height, stride }: Plane,
  points: Float64Array,
): number => {
  let sum = 0;
  let n = 0;
  for (const i of SKIN_POINTS) {
    const cx = Math.floor(points[2 * i] - left);
    const cy = Math.floor(points[2 * i + 1] - top);
    for (let y = Math.max(0, cy - PATCH); y <= Math.min(height - 1, cy + PATCH); y++) {
      for (let x = Math.max(0, cx - PATCH); x <= Math.min(width - 1, cx + PATCH); x++) {
        sum += data[y * stride + x];
        n++;
      }
    }
  }
  return Math.max(4, sum / Math.max(1, n) - 16);
};

/** @param points landmarks in frame pixels, as the frame now shows them */
export const mouthColours = (planes: PicturePlanes, points: Float64Array): MouthColours => {
  const skin = toRgb(meanColour(planes, points, SKIN_POINTS));
  const lip = toRgb(meanColour(planes, points, LIP_POINTS));
  const light = 0.3 * skin[0] + 0.59 * skin[1] + 0.11 * skin[2];
  const white = Math.min(228, 1.14 * light);
  const tint = (channel: number, share: number) => share * white + 0.4 * (channel - light);
  return {
    cavity: toYuv(scaled(lip, [0.22, 0.14, 0.15], 3)),
    rim: toYuv(scaled(lip, [0.5, 0.36, 0.36], 2)),
    tongue: toYuv(scaled(lip, [0.62, 0.5, 0.52])),
    tooth: toYuv([tint(skin[0], 1), tint(skin[1], 0.985), tint(skin[2], 0.95)]),
    shadedTooth: toYuv(scaled(lip, [0.55, 0.3, 0.28])),
  };
};
