import { type Donor, type DonorLibrary, donorPlanes } from '../donor/donor-library.js';
import { INNER_LIP_LINE, OUTER_LIP_LINE } from '../face/landmark-indices.js';
import { kernelBytes } from '../kernels/kernel-memory.js';
import { type Plane, warpMesh, warpPlanes } from '../picture/affine-warp.js';
import { Feather } from '../picture/feather.js';
import { evenBoxAround, halfBox, type PixelBox } from '../picture/pixel-box.js';
import { LayerBuffer, type PicturePlanes, windowOf } from '../picture/planes.js';
import { boxBlur, fillPolygon } from '../picture/polygon-mask.js';
import { type ColourCorrection, matchColour } from './colour-match.js';
import type { LipLook } from './lip-look.js';
import { mouthMesh } from './mouth-mesh.js';

/** One donor of a frame. */
export type DonorShare = {
  readonly donor: Donor;
  /** Landmarks of the donor frame in pixels, x y pairs. */
  readonly landmarks: Float64Array;
  /** Weights of a frame's donors add up to 1. */
  readonly weight: number;
  /** Undefined where it is not known: such lips keep the tone that they have. */
  readonly look: LipLook | undefined;
  /** As a share of the difference from the four neighbours; negative softens. */
  readonly sharpening: number;
};

/** Skin around the lips that colours are compared on, in IOD; the feather may need more. */
const MARGIN = 0.14;
/** Feather radius in IOD, and how much it grows per IOD that the base's own mouth is open wider than the target. */
const FEATHER = 0.035;
const FEATHER_PER_GAP = 0.22;
/** Share of the lip tone that the opening between the lips takes over. */
const OPENING_TONE = 0.3;

const polygonOf = (points: Float64Array, line: readonly number[]): Float64Array =>
  Float64Array.from(line.flatMap((i) => [points[2 * i], points[2 * i + 1]]));

/** Two donors laid over each other hide each other's detail: what is given back, per share of the weaker. */
const SHARPENING_OF_TWO = 1.2;
/** Less than this changes no pixel by a level. */
const LEAST_SHARPENING = 0.02;

/** Sharpens a plane where it and its neighbours are covered, row by row with the unsharpened row above kept. */
const sharpen = ({ data, width, height }: Plane, covered: Uint8ClampedArray, share: number): void => {
  let above = data.slice(0, width);
  let own = new Uint8ClampedArray(width);
  for (let y = 1; y < height - 1; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) own[x] = data[row + x];
    for (let x = 1, k = row + 1; x < width - 1; x++, k++) {
      if (!(covered[k - 1] && covered[k + 1] && covered[k - width] && covered[k + width])) continue;
      const around = (own[x - 1] + own[x + 1] + above[x] + data[k + width]) / 4;
      data[k] = own[x] + share * (own[x] - around);
    }
    [above, own] = [own, above];
  }
};

/** Draws lips and the skin around them from donor frames onto a frame. Holds scratch memory, one per thread. */
export class MouthLayer {
  readonly #layer: LayerBuffer<Uint8ClampedArray> = new LayerBuffer(kernelBytes);
  readonly #sum: LayerBuffer<Float32Array> = new LayerBuffer((n) => new Float32Array(n));
  readonly #feather: Feather = new Feather();
  #covered: Uint8ClampedArray = kernelBytes(0);
  #coveredHalf: Uint8ClampedArray = kernelBytes(0);
  #tone: Float32Array = new Float32Array(0);
  #toneHalf: Float32Array = new Float32Array(0);
  #lips: Uint8Array = new Uint8Array(0);
  #scratch: Float32Array = new Float32Array(0);

  /**
   * @param planes the frame, its lower face already warped to `target`; changed in place
   * @param target landmarks to draw at, x y pairs in pixels
   * @param iod in pixels
   * @param command aperture to draw and aperture of the base's own mouth, IOD; tone that the lips are to have, see LipLook
   * @param strength opacity of the layer, 0 to 1
   */
  draw(
    planes: PicturePlanes,
    library: DonorLibrary,
    shares: readonly DonorShare[],
    target: Float64Array,
    iod: number,
    command: { aperture: number; baseAperture: number; lipTone: ArrayLike<number> },
    strength: number,
  ): void {
    const closing = Math.max(0, command.baseAperture - command.aperture - 0.03);
    const feather = FEATHER + FEATHER_PER_GAP * closing;
    const box = evenBoxAround(target, OUTER_LIP_LINE, Math.max(MARGIN, 2.5 * feather) * iod, planes.luma);
    if (box.width < 8 || box.height < 8) return;
    this.#reserve(box);
    const outer = polygonOf(target, OUTER_LIP_LINE);
    const inner = polygonOf(target, INNER_LIP_LINE);
    this.#markLips(box, outer, inner, iod);
    const opacity = this.#feather.around(outer, box, feather * iod, strength);
    const base = this.#under(planes, box);
    const sum = this.#sum.planes(box);
    for (const share of shares) this.#add(sum, base, library, share, target, box, command.lipTone);
    blend(base.luma, sum.luma, opacity.luma);
    blend(base.u, sum.u, opacity.chroma);
    blend(base.v, sum.v, opacity.chroma);
  }

  #reserve(box: PixelBox): void {
    const size = box.width * box.height;
    if (this.#covered.length >= size) return;
    this.#covered = kernelBytes(size);
    this.#coveredHalf = kernelBytes(size / 4);
    this.#tone = new Float32Array(size);
    this.#toneHalf = new Float32Array(size / 4);
    this.#lips = new Uint8Array(size / 4);
    this.#scratch = new Float32Array(size);
  }

  #under(planes: PicturePlanes, box: PixelBox): PicturePlanes {
    const half = halfBox(box);
    return {
      luma: windowOf(planes.luma, box),
      u: windowOf(planes.u, half),
      v: windowOf(planes.v, half),
    };
  }

  /** Where lips and opening are: whole for the colour statistics, softened for the lip tone. */
  #markLips(box: PixelBox, outer: Float64Array, inner: Float64Array, iod: number): void {
    const { width, height } = box;
    const tone = this.#tone.subarray(0, width * height).fill(0);
    fillPolygon(outer, box, tone, 1);
    fillPolygon(inner, box, tone, OPENING_TONE);
    const half = width / 2;
    for (let y = 0; y < height / 2; y++) {
      for (let x = 0; x < half; x++) {
        this.#lips[y * half + x] = tone[2 * y * width + 2 * x] > 0 ? 1 : 0;
      }
    }
    boxBlur(tone, width, height, Math.max(1, Math.round(0.012 * iod)), this.#scratch);
    for (let y = 0; y < height / 2; y++) {
      for (let x = 0; x < half; x++) this.#toneHalf[y * half + x] = tone[2 * y * width + 2 * x];
    }
  }

  #add(
    sum: PicturePlanes<Float32Array>,
    base: PicturePlanes,
    library: DonorLibrary,
    share: DonorShare,
    target: Float64Array,
    box: PixelBox,
    lipTone: ArrayLike<number>,
  ): void {
    const layer = this.#layer.planes(box);
    const size = box.width * box.height;
    const covered = this.#covered.subarray(0, size).fill(0);
    const coveredHalf = this.#coveredHalf.subarray(0, size / 4).fill(0);
    const from = donorPlanes(library, share.donor);
    const mesh = { triangles: mouthMesh().donor, target, source: share.landmarks };
    // The weaker of two is seen through the other: what finer sampling would add is lost.
    const sampling = share.weight < 0.5 ? 'linear' : 'cubic';
    warpMesh(layer.luma, from.luma, mesh, { scale: 1, sampling, coverage: covered });
    const chroma = { scale: 0.5, sampling: 'linear', coverage: coveredHalf } as const;
    warpPlanes([layer.u, layer.v], [from.u, from.v], mesh, chroma);
    const given = share.sharpening + SHARPENING_OF_TWO * Math.min(share.weight, 1 - share.weight);
    if (Math.abs(given) > LEAST_SHARPENING) sharpen(layer.luma, covered, given);
    const correction = matchColour(base, layer, box, this.#lips, coveredHalf, {
      own: share.look,
      wanted: lipTone,
    });
    accumulate(sum.luma, layer.luma, base.luma, correction.luma, this.#tone, covered, share.weight);
    accumulate(sum.u, layer.u, base.u, correction.u, this.#toneHalf, coveredHalf, share.weight);
    accumulate(sum.v, layer.v, base.v, correction.v, this.#toneHalf, coveredHalf, share.weight);
  }
}

/** Adds a colour-corrected layer to the sum; where the layer has no picture the base counts instead. */
const accumulate = (
  sum: Plane<Float32Array>,
  layer: Plane,
  base: Plane,
  correction: ColourCorrection['luma'],
  tone: Float32Array,
  covered: Uint8ClampedArray,
  weight: number,
): void => {
  const { width, height, data: total } = sum;
  const picture = layer.data;
  const under = base.data;
  const slope = correction.b / width;
  for (let y = 0, k = 0; y < height; y++) {
    let added = correction.a + correction.c * (y / height - 0.5) - correction.b / 2;
    for (let x = 0, p = y * base.stride; x < width; x++, k++, p++, added += slope) {
      total[k] += weight * (covered[k] ? picture[k] + added + correction.lips * tone[k] : under[p]);
    }
  }
};

const blend = (base: Plane, layer: Plane<Float32Array>, opacity: Float32Array): void => {
  for (let y = 0; y < layer.height; y++) {
    for (let x = 0; x < layer.width; x++) {
      const k = y * layer.width + x;
      const a = opacity[k];
      if (a <= 0) continue;
      const p = y * base.stride + x;
      base.data[p] += a * (layer.data[k] - base.data[p]);
    }
  }
};
