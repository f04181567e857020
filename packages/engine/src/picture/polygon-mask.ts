import type { PixelBox } from './pixel-box.js';

/** Where the row at hand crosses the polygon. Memory of the module: a list for each row would be most of a frame's garbage. */
let crossings: Float64Array = new Float64Array(64);

const sortCrossings = (count: number): void => {
  for (let i = 1; i < count; i++) {
    const x = crossings[i];
    let k = i;
    for (; k > 0 && crossings[k - 1] > x; k--) crossings[k] = crossings[k - 1];
    crossings[k] = x;
  }
};

/**
 * Sets `value` in every pixel of the box whose centre lies in the polygon.
 *
 * @param points x, y pairs in frame pixels
 * @param mask one value per pixel of the box, row by row
 */
export const fillPolygon = (
  points: ArrayLike<number>,
  box: PixelBox,
  mask: Float32Array,
  value: number,
): void => {
  const n = points.length / 2;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    top = Math.min(top, points[2 * i + 1]);
    bottom = Math.max(bottom, points[2 * i + 1]);
  }
  const firstRow = Math.max(0, Math.ceil(top - box.y - 0.5));
  const lastRow = Math.min(box.height - 1, Math.floor(bottom - box.y - 0.5));
  if (crossings.length < n) crossings = new Float64Array(n);
  for (let row = firstRow; row <= lastRow; row++) {
    const y = box.y + row + 0.5;
    let count = 0;
    for (let i = 0, j = n - 1; i < n; j = i++) {
      const ya = points[2 * i + 1];
      const yb = points[2 * j + 1];
      if (ya <= y !== yb <= y) {
        crossings[count++] = points[2 * i] + ((y - ya) * (points[2 * j] - points[2 * i])) / (yb - ya) - box.x;
      }
    }
    sortCrossings(count);
    for (let k = 0; k + 1 < count; k += 2) {
      const first = Math.max(0, Math.ceil(crossings[k] - 0.5));
      const last = Math.min(box.width - 1, Math.floor(crossings[k + 1] - 0.5));
      for (let x = first; x <= last; x++) mask[row * box.width + x] = value;
    }
  }
};
