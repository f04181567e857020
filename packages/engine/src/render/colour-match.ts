import type { PixelBox } from '../picture/pixel-box.js';
import type { PicturePlanes } from '../picture/planes.js';
import { LEAST_LIGHT, type LipLook } from './lip-look.js';

/** Correction of one channel: a + b x + c y over the box (x, y from -0.5 to 0.5), plus a tone on the lips. */
type ChannelCorrection = { a: number; b: number; c: number; lips: number };

/** What to add to a donor layer so that its skin and lips look like the base frame's. */
export type ColourCorrection = {
  readonly luma: ChannelCorrection;
  readonly u: ChannelCorrection;
  readonly v: ChannelCorrection;
};

/** Keeps the slopes of the fit small unless the skin really says otherwise. */
const RIDGE = 0.01;
const FEWEST_PIXELS = 30;

/** Solves the symmetric 3 x 3 system for a plane through samples; the right-hand side is `r`. */
const solvePlane = (m: Float64Array, r: readonly [number, number, number]): [number, number, number] => {
  const rows = [
    [m[0], m[1], m[2], r[0]],
    [m[1], m[3], m[4], r[1]],
    [m[2], m[4], m[5], r[2]],
  ];
  for (let i = 0; i < 3; i++) {
    for (let j = i + 1; j < 3; j++) {
      const k = rows[j][i] / rows[i][i];
      for (let q = i; q < 4; q++) rows[j][q] -= k * rows[i][q];
    }
  }
  const c = rows[2][3] / rows[2][2];
  const b = (rows[1][3] - rows[1][2] * c) / rows[1][1];
  return [(rows[0][3] - rows[0][1] * b - rows[0][2] * c) / rows[0][0], b, c];
};

/** How the layer's lips look, undefined where that is not known, and as they are to be; see LipLook. */
export type LipToneChange = {
  readonly own: Pick<LipLook, 'tone' | 'light'> | undefined;
  readonly wanted: ArrayLike<number>;
};

/**
 * Fits the difference of base and layer: a plane over the skin. Lips get their tone against that skin: the base's own lips say
 * another sound, are in another shape or behind a hand.
 *
 * @param base planes of the frame, over the same box as the layer
 * @param lips at chroma resolution: 1 lips and what is between them, 0 skin
 * @param covered at chroma resolution: 1 where the layer has a picture
 */
export const matchColour = (
  base: PicturePlanes,
  layer: PicturePlanes,
  box: PixelBox,
  lips: Uint8Array,
  covered: Uint8Array | Uint8ClampedArray,
  tone: LipToneChange,
): ColourCorrection => {
  const w = box.width / 2;
  const h = box.height / 2;
  const step = 1 / w;
  const m = new Float64Array(6);
  const r = new Float64Array(9);
  let n = 0;
  for (let y = 0; y < h; y++) {
    const fy = y / h - 0.5;
    for (let x = 0; x < w; x++) {
      const k = y * w + x;
      if (!covered[k] || lips[k] !== 0) continue;
      const fx = x * step - 0.5;
      n++;
      m[1] += fx;
      m[2] += fy;
      m[3] += fx * fx;
      m[4] += fx * fy;
      m[5] += fy * fy;
      const l = base.luma.data[2 * y * base.luma.stride + 2 * x] - layer.luma.data[2 * y * box.width + 2 * x];
      const u = base.u.data[y * base.u.stride + x] - layer.u.data[k];
      const v = base.v.data[y * base.v.stride + x] - layer.v.data[k];
      r[0] += l;
      r[1] += l * fx;
      r[2] += l * fy;
      r[3] += u;
      r[4] += u * fx;
      r[5] += u * fy;
      r[6] += v;
      r[7] += v * fx;
      r[8] += v * fy;
    }
  }
  const flat = { a: 0, b: 0, c: 0, lips: 0 };
  if (n < FEWEST_PIXELS) return { luma: flat, u: flat, v: flat };
  m[0] = n * (1 + 1e-4 * RIDGE);
  m[3] += n * RIDGE;
  m[5] += n * RIDGE;
  const plane = (c: number): ChannelCorrection => {
    const [a, b, d] = solvePlane(m, [r[c], r[c + 1], r[c + 2]]);
    return { a, b, c: d, lips: 0 };
  };
  const correction = { luma: plane(0), u: plane(3), v: plane(6) };
  addLipTone(correction, tone);
  return correction;
};

/** What is missing to the tone that is wanted, once the skin has the light of the base. */
const addLipTone = ({ luma, u, v }: ColourCorrection, { own, wanted }: LipToneChange): void => {
  if (!own) return;
  const light = Math.max(LEAST_LIGHT, own.light + luma.a);
  [luma, u, v].forEach((channel, c) => {
    channel.lips = wanted[c] * light - own.tone[c] * own.light;
  });
};
