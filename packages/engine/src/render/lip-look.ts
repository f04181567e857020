import { type Donor, type DonorLibrary, donorPlanes } from '../donor/donor-library.js';
import type { FaceTrack } from '../face/face-track.js';
import { framePoints } from '../face/frame-points.js';
import { FACE_OVAL, INNER_LIP_LINE, OUTER_LIP_LINE } from '../face/landmark-indices.js';
import { eyeCornerPixels, poseAt } from '../face/pose.js';
import { medianOf } from '../mouth-inside/inside-view.js';
import { gaussianSmooth } from '../mouth-space/gaussian-smooth.js';
import { smoothstep } from '../mouth-space/lower-face.js';
import type { Plane } from '../picture/affine-warp.js';
import { overNeighbours } from '../picture/over-neighbours.js';
import { fillPolygon } from '../picture/polygon-mask.js';
import { takeFromWithinLips } from './lip-rim.js';

/** How a donor's lips look against the skin around them. */
export type LipLook = {
  /**
   * Luma, U and V of the lips less those of the skin, over `light`: the same in any light. Luma leaves out the darkest
   * quarter of both: closed lips have a dark crease, which is no tone of theirs.
   */
  readonly tone: readonly [luma: number, u: number, v: number];
  /** Luma of the skin above black, in the same way. */
  readonly light: number;
  /** Mean difference of a lip pixel from its four neighbours, over `light`. */
  readonly detail: number;
  /**
   * The same over the mean slope: how fine the picture is. Measured on eleven clips: crisp ones 0.20 to 0.23, ones that are
   * blurred, enlarged or hard compressed 0.13 to 0.18.
   */
  readonly fineness: number;
};
export const LIP_TONE_FLOATS = 3;

/** Skin around the lips that they are held against, in IOD. */
const MARGIN = 0.14;
/** Places looked at from side to side: a mean needs no more, however large the face. */
const SAMPLES = 48;
/** Fewer than this tell nothing. */
const FEWEST_SAMPLES = 30;
/** Share of the lumas that is left out. */
const DARKEST = 0.25;
/** Of darker skin no tone could be told. */
export const LEAST_LIGHT = 8;
const BLACK = 16;
const [SKIN, LIPS, OPENING] = [1, 2, 3];

/** What is found at the places of one kind: all lumas, and sums. */
type Found = { readonly lumas: number[]; u: number; v: number; detail: number; slope: number };

const nothing = (): Found => ({ lumas: [], u: 0, v: 0, detail: 0, slope: 0 });

/** Mean without the darkest: steadier from donor to donor than a median. */
const litMean = (lumas: readonly number[]): number => {
  const lit = [...lumas].sort((a, b) => a - b).slice(Math.floor(DARKEST * lumas.length));
  return lit.reduce((sum, luma) => sum + luma, 0) / lit.length;
};

const slopeAt = ({ data, stride }: Plane, p: number): number =>
  (Math.abs(data[p + 1] - data[p - 1]) + Math.abs(data[p + stride] - data[p - stride])) / 2;

/** Undefined where too little of lips or skin is in the picture. */
export const lipLook = (track: FaceTrack, library: DonorLibrary, donor: Donor): LipLook | undefined => {
  const iod = eyeCornerPixels(poseAt(track, donor.frame));
  const points = framePoints(track, donor.frame);
  takeFromWithinLips(points, iod);
  const { luma, u, v } = donorPlanes(library, donor);
  const kindsFound = [nothing(), nothing(), nothing(), nothing()];
  const { left, top, step, kinds } = sampleGrid(points, iod);
  kinds.forEach((kind, k) => {
    const x = Math.floor(left + ((k % SAMPLES) + 0.5) * step) - luma.x;
    const y = Math.floor(top + (Math.floor(k / SAMPLES) + 0.5) * step) - luma.y;
    if (x < 1 || y < 1 || x >= luma.width - 1 || y >= luma.height - 1) return;
    const found = kindsFound[kind];
    const p = y * luma.stride + x;
    const c = (y >> 1) * u.stride + (x >> 1);
    found.lumas.push(luma.data[p]);
    found.u += u.data[c];
    found.v += v.data[c];
    found.detail += Math.abs(overNeighbours(luma.data, p, luma.stride));
    found.slope += slopeAt(luma, p);
  });
  const [skin, lips] = [kindsFound[SKIN], kindsFound[LIPS]];
  const [skinCount, lipCount] = [skin.lumas.length, lips.lumas.length];
  if (skinCount < FEWEST_SAMPLES || lipCount < FEWEST_SAMPLES) return undefined;
  const skinLuma = litMean(skin.lumas);
  const light = Math.max(LEAST_LIGHT, skinLuma - BLACK);
  const hue = (of: 'u' | 'v') => (lips[of] / lipCount - skin[of] / skinCount) / light;
  return {
    tone: [(litMean(lips.lumas) - skinLuma) / light, hue('u'), hue('v')],
    light,
    detail: lips.detail / lipCount / light,
    fineness: lips.detail / Math.max(1, lips.slope),
  };
};

/** Evenly spaced places over lips and the skin around them, and what is at each. Pixels. */
const sampleGrid = (points: Float64Array, iod: number) => {
  const xs = OUTER_LIP_LINE.map((i) => points[2 * i]);
  const ys = OUTER_LIP_LINE.map((i) => points[2 * i + 1]);
  const margin = MARGIN * iod;
  const left = Math.min(...xs) - margin;
  const top = Math.min(...ys) - margin;
  const step = (Math.max(...xs) + margin - left) / SAMPLES;
  const rows = Math.round((Math.max(...ys) + margin - top) / step);
  const kinds = new Float32Array(SAMPLES * rows);
  // What is beside a turned face is no skin.
  [FACE_OVAL, OUTER_LIP_LINE, INNER_LIP_LINE].forEach((line, k) => {
    const onGrid = line.flatMap((i) => [(points[2 * i] - left) / step, (points[2 * i + 1] - top) / step]);
    fillPolygon(onGrid, { x: 0, y: 0, width: SAMPLES, height: rows }, kinds, [SKIN, LIPS, OPENING][k]);
  });
  return { left, top, step, kinds };
};

/** How much of the donors' own differences in tone is kept: lips do change it as they stretch and turn. */
const OWN_SHARE = 0.5;
/** Seconds of smoothing (Gaussian sigma) of what is kept. */
const SIGMA = 0.06;

/**
 * The tone that lips are to have in each frame of a run: near to the person's usual one, and changing no faster than lips do.
 *
 * @param donors looks of the person's donors
 * @param choice index of each frame's donor
 * @param out LIP_TONE_FLOATS per frame
 */
export const steadyTones = (
  donors: readonly (LipLook | undefined)[],
  choice: Int32Array,
  fps: number,
  out: Float32Array,
): void => {
  const known = donors.filter((donor) => donor !== undefined);
  if (known.length === 0) return;
  for (let c = 0; c < LIP_TONE_FLOATS; c++) {
    const usual = medianOf(known.map(({ tone }) => tone[c]));
    choice.forEach((d, t) => {
      out[LIP_TONE_FLOATS * t + c] = usual + OWN_SHARE * ((donors[d]?.tone[c] ?? usual) - usual);
    });
  }
  gaussianSmooth(out, LIP_TONE_FLOATS, 0, choice.length, SIGMA * fps);
};

/** What sampling between pixels takes of a fine picture, as a share of the difference from the four neighbours. */
const SHARPENING = 0.3;
/** From the first to the second fineness this sets in: a blurred picture loses nothing, and would get hard edges. */
const FINE: readonly [number, number] = [0.15, 0.22];
/** By which factor the detail of lips grows per share of sharpening. */
const DETAIL_PER_SHARE = 0.8;
/** More than this factor in either direction is not the camera's doing but another picture. */
const MOST_GAIN = 1.3;

/**
 * How much each donor's lips have to be sharpened, as a share of the difference from the four neighbours: to give back what
 * sampling takes, and to have the detail that the others have. Sharpness that changes where donors do is seen as a flicker.
 *
 * @param choice index of each frame's donor
 */
export const lipSharpenings = (donors: readonly (LipLook | undefined)[], choice: Int32Array): number[] => {
  const shown = Array.from(choice).flatMap((d) => donors[d] ?? []);
  if (shown.length === 0) return donors.map(() => 0);
  const usual = medianOf(shown.map(({ detail }) => detail));
  const fine = medianOf(shown.map(({ fineness }) => fineness));
  const given = SHARPENING * smoothstep((fine - FINE[0]) / (FINE[1] - FINE[0]));
  return donors.map((donor) => {
    const gain = donor && donor.detail > 0 ? usual / donor.detail : 1;
    return given + (Math.max(1 / MOST_GAIN, Math.min(MOST_GAIN, gain)) - 1) / DETAIL_PER_SHARE;
  });
};
