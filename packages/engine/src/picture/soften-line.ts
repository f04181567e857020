import type { Plane } from './affine-warp.js';

/** Pixels on each side of the line that are softened. */
const REACH = 2;

/** Rows and columns of the pixels under a line that runs from left to right, far enough from the border. */
const along = (
  { x: left, y: top, width, height }: Plane,
  line: ArrayLike<number>,
  scale: number,
  reach: number,
  visit: (x: number, y: number) => void,
): void => {
  for (let i = 0; i + 3 < line.length; i += 2) {
    const x0 = line[i] * scale - left;
    const x1 = line[i + 2] * scale - left;
    const y0 = line[i + 1] * scale - top;
    const slope = ((line[i + 3] - line[i + 1]) * scale) / (x1 - x0);
    for (let x = Math.max(0, Math.ceil(x0 - 0.5)); x < Math.min(width, x1 - 0.5); x++) {
      const y = Math.round(y0 + slope * (x + 0.5 - x0) - 0.5);
      if (y >= reach && y < height - reach) visit(x, y);
    }
  }
};

/**
 * Softens a picture across a line that runs from left to right: two layers that meet there without a gap would show
 * stairs, as each pixel belongs to one or the other.
 *
 * @param line x, y pairs in frame pixels, x ascending
 */
export const softenAlong = (plane: Plane, line: ArrayLike<number>): void => {
  const { data, stride } = plane;
  along(plane, line, 1, REACH + 1, (x, y) => {
    let p = (y - REACH) * stride + x;
    let before = data[p - stride];
    for (let k = -REACH; k <= REACH; k++, p += stride) {
      const here = data[p];
      data[p] = (before + 2 * here + data[p + stride]) / 4;
      before = here;
    }
  });
};

/** What is too bright is told over so many pixels to each side along the line, per pixel across it: else it would show as blocks. */
const EVENED = 3;

/**
 * Takes away what is brighter on a line than the darker one of its two sides: specks of teeth between lips that were taken
 * from a mouth not quite closed. Call it before softening.
 *
 * @param half pixels to each side of the line that are looked at
 */
export const darkenAlong = (plane: Plane, line: ArrayLike<number>, half: number): void => {
  const { data, stride } = plane;
  const side = (half + 2) * stride;
  const places: number[] = [];
  const most: number[] = [];
  along(plane, line, 1, half + 2, (x, y) => {
    const p = y * stride + x;
    places.push(p);
    most.push(Math.min(data[p - side], data[p + side]));
  });
  const reach = EVENED * half;
  places.forEach((p, i) => {
    const near = most.slice(Math.max(0, i - reach), i + reach + 1);
    const limit = near.reduce((sum, value) => sum + value, 0) / near.length;
    for (let k = -half; k <= half; k++) data[p + k * stride] = Math.min(data[p + k * stride], limit);
  });
};

/**
 * Carries the chroma of both sides of a line across it, in a plane of half the resolution.
 *
 * @param half pixels of the plane to each side of the line that are replaced
 */
export const bridgeAlong = (plane: Plane, line: ArrayLike<number>, half: number): void => {
  const { data, stride } = plane;
  const side = (half + 1) * stride;
  along(plane, line, 0.5, half + 1, (x, y) => {
    const p = y * stride + x;
    const middle = (data[p - side] + data[p + side]) / 2;
    for (let k = -half; k <= half; k++) data[p + k * stride] = middle;
  });
};
