import type { PixelBox } from './pixel-box.js';
import { boxBlur, fillPolygon } from './polygon-mask.js';

/** Opacity (alpha) of a layer over a box, at luma and at chroma resolution, 0 to 1. */
export type Opacity = { readonly luma: Float32Array; readonly chroma: Float32Array };

/** Averages a mask over 2 x 2 pixels: what it is for a chroma pixel. */
export const halveMask = (mask: Float32Array, width: number, height: number, out: Float32Array): void => {
  const half = width / 2;
  for (let y = 0; y < height / 2; y++) {
    for (let x = 0; x < half; x++) {
      const p = 2 * y * width + 2 * x;
      out[y * half + x] = (mask[p] + mask[p + 1] + mask[p + width] + mask[p + width + 1]) / 4;
    }
  }
};

/** Makes masks that are full inside a polygon and run out softly around it; holds scratch memory. */
export class Feather {
  #luma: Float32Array = new Float32Array(0);
  #chroma: Float32Array = new Float32Array(0);
  #scratch: Float32Array = new Float32Array(0);

  /** Blur radius in pixels; the mask is 1 in the polygon and reaches 0 about 2 radii outside it. */
  around(polygon: ArrayLike<number>, box: PixelBox, radius: number, strength: number): Opacity {
    const size = box.width * box.height;
    if (this.#luma.length < size) {
      this.#luma = new Float32Array(size);
      this.#chroma = new Float32Array(size / 4);
      this.#scratch = new Float32Array(size);
    }
    const mask = this.#luma.subarray(0, size).fill(0);
    fillPolygon(polygon, box, mask, 1);
    const r = Math.max(1, Math.round(radius));
    boxBlur(mask, box.width, box.height, r, this.#scratch);
    boxBlur(mask, box.width, box.height, r, this.#scratch);
    for (let i = 0; i < size; i++) {
      // Doubling moves the half-way line, which lies on the polygon, out to where the mask was a quarter.
      const a = Math.min(1, 2 * mask[i]);
      mask[i] = strength * a * a * (3 - 2 * a);
    }
    const chroma = this.#chroma.subarray(0, size / 4);
    halveMask(mask, box.width, box.height, chroma);
    return { luma: mask, chroma };
  }
}
