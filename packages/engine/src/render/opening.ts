import { INNER_LIP_LINE, INNER_UPPER, MOUTH_LEFT, MOUTH_RIGHT } from '../face/landmark-indices.js';
import { growingLength, kernelFloats } from '../kernels/kernel-memory.js';
import { boxBlur } from '../picture/box-blur.js';
import { halveMask } from '../picture/feather.js';
import type { PixelBox } from '../picture/pixel-box.js';
import { fillPolygon } from '../picture/polygon-mask.js';

/** Supersampling of the edge of the opening, per axis. */
const SUPERSAMPLE = 3;
/** Softness of the lips' inner edge, in IOD. */
const EDGE_BLUR = 0.006;
/** How far the lips' own colour reaches into the dark behind them, in IOD. */
const RIM_BLUR = 0.016;
const LINE_STEPS = 64;

/** The opening between drawn lips: where it is, and how far below the upper lip a point lies. Reused from frame to frame. */
export class Opening {
  /** Opacity of what is behind the lips over the region, 0 to 1, at luma and at chroma resolution. */
  luma: Float32Array = kernelFloats(0);
  chroma: Float32Array = new Float32Array(0);
  /** 1 deep inside, 0.5 at the lips' edge, less beyond: how much of what is around is opening. */
  inwards: Float32Array = kernelFloats(0);
  /** 1 where a pixel's centre lies between the lips. */
  hole: Uint8Array = new Uint8Array(0);
  #fine: Float32Array = new Float32Array(0);
  readonly #polygon: Float64Array = new Float64Array(2 * INNER_LIP_LINE.length);
  readonly #line: Float32Array = new Float32Array(LINE_STEPS + 1);

  /** @param points landmarks in frame pixels; the region holds the inner lip line */
  mark(points: Float64Array, region: PixelBox, iod: number): void {
    const { width, height } = region;
    const size = width * height;
    const s = SUPERSAMPLE;
    if (this.luma.length < size) {
      const length = growingLength(size);
      this.luma = kernelFloats(length);
      this.chroma = new Float32Array(length / 4);
      this.inwards = kernelFloats(length);
      this.hole = new Uint8Array(length);
      this.#fine = new Float32Array(length * s * s);
    }
    INNER_LIP_LINE.forEach((i, k) => {
      this.#polygon[2 * k] = (points[2 * i] - region.x) * s;
      this.#polygon[2 * k + 1] = (points[2 * i + 1] - region.y) * s;
    });
    const fine = this.#fine.subarray(0, size * s * s).fill(0);
    fillPolygon(this.#polygon, { x: 0, y: 0, width: width * s, height: height * s }, fine, 1);
    shrinkMask(fine, width, height, s, this.luma);
    // Exactly the pixels that no triangle of the lips covers.
    for (let k = 0; k < this.#polygon.length; k++) this.#polygon[k] /= s;
    const centres = fine.subarray(0, size).fill(0);
    fillPolygon(this.#polygon, { x: 0, y: 0, width, height }, centres, 1);
    for (let k = 0; k < size; k++) this.hole[k] = centres[k];
    this.inwards.set(this.luma.subarray(0, size));
    boxBlur(this.inwards, width, height, Math.max(1, Math.round(RIM_BLUR * iod)));
    const radius = Math.round(EDGE_BLUR * iod);
    if (radius >= 1) boxBlur(this.luma, width, height, radius);
    halveMask(this.luma, width, height, this.chroma);
  }

  /**
   * Writes how far below the upper lip's edge each pixel lies, in IOD, measured across the mouth.
   *
   * @param out one value per pixel of the region
   */
  depths(points: Float64Array, region: PixelBox, iod: number, out: Float32Array): void {
    const dx = points[2 * MOUTH_RIGHT] - points[2 * MOUTH_LEFT];
    const dy = points[2 * MOUTH_RIGHT + 1] - points[2 * MOUTH_LEFT + 1];
    const length = Math.hypot(dx, dy);
    const cos = dx / length;
    const sin = dy / length;
    const left = INNER_UPPER[0];
    const right = INNER_UPPER[INNER_UPPER.length - 1];
    const along = (i: number) => points[2 * i] * cos + points[2 * i + 1] * sin;
    const down = (i: number) => points[2 * i + 1] * cos - points[2 * i] * sin;
    const start = along(left);
    const step = (along(right) - start) / LINE_STEPS || 1;
    let k = 0;
    for (let q = 0; q <= LINE_STEPS; q++) {
      const u = start + q * step;
      while (k + 2 < INNER_UPPER.length && along(INNER_UPPER[k + 1]) < u) k++;
      const [a, b] = [along(INNER_UPPER[k]), along(INNER_UPPER[k + 1])];
      const share = Math.max(0, Math.min(1, (u - a) / (b - a || 1)));
      this.#line[q] = down(INNER_UPPER[k]) * (1 - share) + down(INNER_UPPER[k + 1]) * share;
    }
    fillDepths(this.#line, start, step, cos, sin, region, 1 / iod, out);
  }
}

const shrinkMask = (
  fine: Float32Array,
  width: number,
  height: number,
  s: number,
  out: Float32Array,
): void => {
  const share = 1 / (s * s);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let j = 0; j < s; j++) {
        const row = (y * s + j) * width * s + x * s;
        for (let i = 0; i < s; i++) sum += fine[row + i];
      }
      out[y * width + x] = sum * share;
    }
  }
};

const fillDepths = (
  line: Float32Array,
  start: number,
  step: number,
  cos: number,
  sin: number,
  { x: left, y: top, width, height }: PixelBox,
  scale: number,
  out: Float32Array,
): void => {
  const last = line.length - 1;
  for (let y = 0; y < height; y++) {
    const py = top + y + 0.5;
    for (let x = 0; x < width; x++) {
      const px = left + x + 0.5;
      const q = (px * cos + py * sin - start) / step;
      const edge = line[q < 0 ? 0 : q > last ? last : Math.round(q)];
      out[y * width + x] = (py * cos - px * sin - edge) * scale;
    }
  }
};
