import { growingLength, kernelFloats } from '../kernels/kernel-memory.js';
import { layerKernels } from '../kernels/layer-kernels.js';
import { boxBlur } from './box-blur.js';
import type { PixelBox } from './pixel-box.js';
import { fillPolygon } from './polygon-mask.js';

/** Opacity (alpha) of a layer over a box, at luma and at chroma resolution, 0 to 1; in kernel memory. */
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
  #luma: Float32Array = kernelFloats(0);
  #chroma: Float32Array = kernelFloats(0);

  /** Blur radius in pixels; the mask is 1 in the polygon and reaches 0 about 2 radii outside it. */
  around(polygon: ArrayLike<number>, box: PixelBox, radius: number, strength: number): Opacity {
    const size = box.width * box.height;
    if (this.#luma.length < size) {
      const length = growingLength(size);
      this.#luma = kernelFloats(length);
      this.#chroma = kernelFloats(length / 4);
    }
    const mask = this.#luma.subarray(0, size).fill(0);
    fillPolygon(polygon, box, mask, 1);
    const r = Math.max(1, Math.round(radius));
    boxBlur(mask, box.width, box.height, r);
    boxBlur(mask, box.width, box.height, r);
    // Doubled: the half-way line, which lies on the polygon, moves out to where the mask was a quarter.
    layerKernels.feather(mask.byteOffset, size, strength);
    const chroma = this.#chroma.subarray(0, size / 4);
    halveMask(mask, box.width, box.height, chroma);
    return { luma: mask, chroma };
  }
}
