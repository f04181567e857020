import { type Donor, type DonorLibrary, donorPlanes } from '../donor/donor-library.js';
import { INNER_LIP_LINE, OUTER_LIP_LINE } from '../face/landmark-indices.js';
import { addressOf, growingLength, kernelBytes, kernelFloats } from '../kernels/kernel-memory.js';
import { layerKernels } from '../kernels/layer-kernels.js';
import { type Plane, warpMesh, warpPlanes } from '../picture/affine-warp.js';
import { boxBlur } from '../picture/box-blur.js';
import { Feather } from '../picture/feather.js';
import { evenBoxAround, halfBox, type PixelBox } from '../picture/pixel-box.js';
import { LayerBuffer, type PicturePlanes, windowOf } from '../picture/planes.js';
import { fillPolygon } from '../picture/polygon-mask.js';
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

/** Draws lips and the skin around them from donor frames onto a frame. Holds scratch memory, one per thread. */
export class MouthLayer {
  readonly #layer: LayerBuffer<Uint8ClampedArray> = new LayerBuffer(kernelBytes);
  readonly #sum: LayerBuffer<Float32Array> = new LayerBuffer(kernelFloats);
  readonly #feather: Feather = new Feather();
  #covered: Uint8ClampedArray = kernelBytes(0);
  #coveredHalf: Uint8ClampedArray = kernelBytes(0);
  #tone: Float32Array = kernelFloats(0);
  #toneHalf: Float32Array = kernelFloats(0);
  #lips: Uint8Array = new Uint8Array(0);
  /** Two rows. */
  #rows: Uint8ClampedArray = kernelBytes(0);

  /**
   * @param planes the frame, its lower face already warped to `target`; in kernel memory, changed in place
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
    if (this.#rows.length < 2 * box.width) this.#rows = kernelBytes(growingLength(2 * box.width));
    if (this.#covered.length >= size) return;
    const length = growingLength(size);
    this.#covered = kernelBytes(length);
    this.#coveredHalf = kernelBytes(length / 4);
    this.#tone = kernelFloats(length);
    this.#toneHalf = kernelFloats(length / 4);
    this.#lips = new Uint8Array(length / 4);
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
    boxBlur(tone, width, height, Math.max(1, Math.round(0.012 * iod)));
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
    if (Math.abs(given) > LEAST_SHARPENING) {
      const [data, places, rows] = [layer.luma.data, covered, this.#rows].map(addressOf);
      layerKernels.sharpen(data, places, box.width, box.height, given, rows);
    }
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
  const { a, b, c, lips } = correction;
  layerKernels.accumulate(
    ...([addressOf(sum.data), addressOf(layer.data), addressOf(covered), addressOf(tone)] as const),
    ...([sum.width, sum.height, addressOf(base.data), base.stride] as const),
    ...([a, b, c, lips, weight] as const),
  );
};

const blend = (base: Plane, layer: Plane<Float32Array>, opacity: Float32Array): void =>
  layerKernels.blend(
    ...([addressOf(base.data), base.stride] as const),
    ...([addressOf(layer.data), addressOf(opacity), layer.width, layer.height] as const),
  );
