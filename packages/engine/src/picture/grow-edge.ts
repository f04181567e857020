import type { Plane } from './affine-warp.js';

/**
 * Carries a picture on into a hole from its rim, one pixel per step: each empty pixel beside filled ones takes their
 * mean. What lies deeper stays as it is.
 *
 * @param hole over a rectangle whose top left corner is `x`, `y` in the plane's own pixels: 1 empty; cleared as it fills
 * @param steps pixels to grow, at most 250
 */
export const growIntoHole = (
  { data, stride, x: planeX, y: planeY }: Plane,
  hole: Uint8Array,
  x: number,
  y: number,
  width: number,
  height: number,
  steps: number,
): void => {
  const origin = (y - planeY) * stride + x - planeX;
  for (let step = 2; step < steps + 2; step++) {
    let grown = false;
    for (let row = 1; row < height - 1; row++) {
      for (let k = row * width + 1; k < row * width + width - 1; k++) {
        if (hole[k] !== 1) continue;
        const p = origin + row * stride + k - row * width;
        let sum = 0;
        let n = 0;
        if (hole[k - 1] !== 1 && hole[k - 1] !== step) {
          sum += data[p - 1];
          n++;
        }
        if (hole[k + 1] !== 1 && hole[k + 1] !== step) {
          sum += data[p + 1];
          n++;
        }
        if (hole[k - width] !== 1 && hole[k - width] !== step) {
          sum += data[p - stride];
          n++;
        }
        if (hole[k + width] !== 1 && hole[k + width] !== step) {
          sum += data[p + stride];
          n++;
        }
        if (n === 0) continue;
        data[p] = sum / n;
        hole[k] = step;
        grown = true;
      }
    }
    if (!grown) return;
  }
};
