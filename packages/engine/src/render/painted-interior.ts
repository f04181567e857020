import { INNER_LIP_LINE, INNER_UPPER, MOUTH_LEFT, MOUTH_RIGHT } from '../face/landmark-indices.js';
import { smoothstep } from '../mouth-space/lower-face.js';
import { halveMask } from '../picture/feather.js';
import { evenBoxAround, type PixelBox } from '../picture/pixel-box.js';
import type { PicturePlanes } from '../picture/planes.js';
import { boxBlur, fillPolygon } from '../picture/polygon-mask.js';
import type { MouthColours, Yuv } from './mouth-colours.js';

/** Supersampling of the edge of the opening, per axis. */
const SUPERSAMPLE = 3;
/** Widths of the upper teeth from the middle outwards, in IOD: incisors, canine, premolars. */
const TOOTH_WIDTHS = [0.084, 0.066, 0.07, 0.06, 0.055];
/** Half the width of the visible row of teeth, in IOD. */
const TEETH_REACH = 0.3;

/** The opening between the lips in its own coordinates: u along the mouth, w downwards, in IOD from the upper lip's middle. */
class Opening {
  readonly #origin: readonly [number, number];
  readonly #cos: number;
  readonly #sin: number;
  readonly #iod: number;
  /** The upper inner lip line, u ascending. */
  readonly #upper: readonly (readonly [number, number])[];
  readonly gap: number;
  readonly lowerEdge: number;

  constructor(points: Float64Array, iod: number) {
    const dx = points[2 * MOUTH_RIGHT] - points[2 * MOUTH_LEFT];
    const dy = points[2 * MOUTH_RIGHT + 1] - points[2 * MOUTH_LEFT + 1];
    const length = Math.hypot(dx, dy);
    this.#cos = dx / length;
    this.#sin = dy / length;
    this.#iod = iod;
    this.#origin = [points[2 * 13], points[2 * 13 + 1]];
    this.gap = Math.hypot(points[2 * 14] - points[2 * 13], points[2 * 14 + 1] - points[2 * 13 + 1]) / iod;
    this.lowerEdge = this.local(points[2 * 14], points[2 * 14 + 1])[1];
    this.#upper = INNER_UPPER.map((i) => this.local(points[2 * i], points[2 * i + 1]));
  }

  local(x: number, y: number): [u: number, w: number] {
    const dx = (x - this.#origin[0]) / this.#iod;
    const dy = (y - this.#origin[1]) / this.#iod;
    return [dx * this.#cos + dy * this.#sin, dy * this.#cos - dx * this.#sin];
  }

  /** w of the upper lip's edge above u. */
  upperEdge(u: number): number {
    for (let k = 0; k + 1 < this.#upper.length; k++) {
      const [u0, w0] = this.#upper[k];
      const [u1, w1] = this.#upper[k + 1];
      if (u >= u0 && u <= u1) return w0 + ((w1 - w0) * (u - u0)) / (u1 - u0 + 1e-9);
    }
    return 0;
  }
}

/** Which tooth lies at distance `u` from the middle, and where across it, -1 to 1. */
const toothAt = (u: number): { tooth: number; across: number } => {
  let start = 0;
  for (let tooth = 0; tooth < TOOTH_WIDTHS.length; tooth++) {
    const width = TOOTH_WIDTHS[tooth];
    if (u <= start + width) return { tooth, across: ((u - start) / width) * 2 - 1 };
    start += width;
  }
  return { tooth: TOOTH_WIDTHS.length, across: 1 };
};

/** How much of a pixel is tooth, tongue and cavity: opacities 0 to 1 and the light on the tooth. */
type Material = { tooth: number; light: number; tongue: number; tongueLight: number };

const materialAt = (opening: Opening, u: number, w: number, softness: number): Material => {
  const { gap, lowerEdge } = opening;
  const side = Math.abs(u);
  const depth = w - opening.upperEdge(u);
  const visible = Math.min(0.045, 0.55 * gap);
  const { tooth, across } = toothAt(side);
  // Lateral incisors are a little shorter, each tooth is rounded, and a wide mouth shows more of them.
  const edge =
    visible - 0.35 * side * side - (tooth === 1 ? 0.006 : 0) - 0.01 * across ** 4 + (gap > 0.12 ? 0.008 : 0);
  const present = side < TEETH_REACH ? smoothstep((edge - w) / softness + 0.5) : 0;
  const falloff = Math.max(0, 1 - (side / TEETH_REACH) ** 2);
  const between = 1 - 0.22 * Math.max(0, (Math.abs(across) - 0.86) / 0.14);
  const underLip = 0.58 + 0.42 * smoothstep(depth / 0.045);
  const tongueTop = lowerEdge - 0.55 * gap + ((0.35 * side * side) / Math.max(gap, 0.05)) * 0.3;
  return {
    tooth: present * smoothstep((gap - 0.012) / 0.03),
    light: Math.min(1, 1.12 * underLip * (0.35 + 0.65 * falloff) * between),
    tongue:
      0.75 *
      smoothstep((w - tongueTop) / 0.03) *
      smoothstep((gap - 0.05) / 0.06) *
      Math.max(0, 1 - (side / 0.24) ** 2),
    tongueLight: 0.55 + 0.45 * smoothstep(depth / 0.06),
  };
};

const mixed = (colours: MouthColours, m: Material, channel: 0 | 1 | 2): number => {
  const neutral: Yuv = [16, 128, 128];
  const tongue = neutral[channel] + (colours.tongue[channel] - neutral[channel]) * m.tongueLight;
  const inside = colours.cavity[channel] + (tongue - colours.cavity[channel]) * m.tongue;
  const shaded = colours.shadedTooth[channel];
  const tooth = shaded + (colours.tooth[channel] - shaded) * m.light;
  return inside + (tooth - inside) * m.tooth;
};

/**
 * Paints the inside of a mouth that the clip never shows open: cavity, upper teeth and tongue, in colours taken from the
 * face. Drawn over the frame between the target's inner lip lines. Holds scratch memory, one per thread.
 */
export class PaintedInterior {
  #mask: Float32Array = new Float32Array(0);
  #half: Float32Array = new Float32Array(0);
  #scratch: Float32Array = new Float32Array(0);
  #fine: Float32Array = new Float32Array(0);

  /**
   * @param points target landmarks in frame pixels
   * @param opacity 0 to 1, for fading the effect
   * @param below only paint under this polygon edge: x y per lip column (see DonorInterior.floor)
   */
  paint(
    planes: PicturePlanes,
    points: Float64Array,
    iod: number,
    colours: MouthColours,
    opacity: number,
    polygon: ArrayLike<number> = outline(points),
  ): void {
    const opening = new Opening(points, iod);
    const box = evenBoxAround(points, INNER_LIP_LINE, 3, planes.luma);
    if (opening.gap * iod < 0.5 || box.width < 2 || box.height < 2) return;
    this.#edge(polygon, box, iod);
    const softness = Math.max(0.008, 1.6 / iod);
    this.#blend(planes.luma, box, this.#mask, 1, 0, opening, colours, softness, opacity);
    this.#blend(planes.u, box, this.#half, 2, 1, opening, colours, softness, opacity);
    this.#blend(planes.v, box, this.#half, 2, 2, opening, colours, softness, opacity);
  }

  #edge(polygon: ArrayLike<number>, box: PixelBox, iod: number): void {
    const { width, height } = box;
    const size = width * height;
    const s = SUPERSAMPLE;
    if (this.#mask.length < size) {
      this.#mask = new Float32Array(size);
      this.#half = new Float32Array(size / 4);
      this.#scratch = new Float32Array(size);
      this.#fine = new Float32Array(size * s * s);
    }
    const fine = this.#fine.subarray(0, size * s * s).fill(0);
    const scaled = Float64Array.from(polygon, (value, i) => (value - (i % 2 ? box.y : box.x)) * s);
    fillPolygon(scaled, { x: 0, y: 0, width: width * s, height: height * s }, fine, 1);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let j = 0; j < s; j++) {
          const row = (y * s + j) * width * s + x * s;
          for (let i = 0; i < s; i++) sum += fine[row + i];
        }
        this.#mask[y * width + x] = sum / (s * s);
      }
    }
    const radius = Math.round(0.006 * iod);
    if (radius >= 1) boxBlur(this.#mask, width, height, radius, this.#scratch);
    halveMask(this.#mask, width, height, this.#half);
  }

  #blend(
    plane: PicturePlanes['luma'],
    box: PixelBox,
    mask: Float32Array,
    step: 1 | 2,
    channel: 0 | 1 | 2,
    opening: Opening,
    colours: MouthColours,
    softness: number,
    opacity: number,
  ): void {
    const width = box.width / step;
    for (let y = 0; y < box.height / step; y++) {
      for (let x = 0; x < width; x++) {
        const a = mask[y * width + x] * opacity;
        if (a < 0.004) continue;
        const [u, w] = opening.local(box.x + (x + 0.5) * step, box.y + (y + 0.5) * step);
        const p = (box.y / step + y - plane.y) * plane.stride + box.x / step + x - plane.x;
        const colour = mixed(colours, materialAt(opening, u, w, softness), channel);
        plane.data[p] += a * (colour - plane.data[p]);
      }
    }
  }
}

const outline = (points: Float64Array): Float64Array =>
  Float64Array.from(INNER_LIP_LINE.flatMap((i) => [points[2 * i], points[2 * i + 1]]));
