import type { Plane } from './affine-warp.js';

/** Pixels on each side of the line that are softened. */
const REACH = 2;

/**
 * Softens a picture across a line that runs from left to right: two layers that meet there without a gap would show
 * stairs, as each pixel belongs to one or the other.
 *
 * @param line x, y pairs in frame pixels, x ascending
 */
export const softenAlong = (
  { data, x: left, y: top, width, height, stride }: Plane,
  line: ArrayLike<number>,
): void => {
  for (let i = 0; i + 3 < line.length; i += 2) {
    const x0 = line[i] - left;
    const x1 = line[i + 2] - left;
    const slope = (line[i + 3] - line[i + 1]) / (x1 - x0);
    for (let x = Math.max(0, Math.ceil(x0 - 0.5)); x < Math.min(width, x1 - 0.5); x++) {
      const y = Math.round(line[i + 1] - top + slope * (x + 0.5 - x0) - 0.5);
      if (y < REACH + 1 || y >= height - REACH - 1) continue;
      let p = (y - REACH) * stride + x;
      let before = data[p - stride];
      for (let k = -REACH; k <= REACH; k++, p += stride) {
        const here = data[p];
        data[p] = (before + 2 * here + data[p + stride]) / 4;
        before = here;
      }
    }
  }
};
