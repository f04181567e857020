import type { Plane } from './affine-warp.js';

/**
 * Mixes a picture into another through its opacity: out += opacity / 255 * (black + gain * (picture - black) - out).
 * All planes cover the same rectangle with the same stride.
 */
export const mixThrough = (
  out: Plane,
  picture: Plane,
  opacity: Plane,
  black: number,
  gain: number,
  count: number,
): void => {
  const target = out.data;
  const source = picture.data;
  const alpha = opacity.data;
  for (let k = 0; k < count; k++) {
    const a = alpha[k];
    if (a === 0) continue;
    target[k] += (a / 255) * (black + gain * (source[k] - black) - target[k]);
  }
};
