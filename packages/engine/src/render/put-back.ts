import { LOOK_CELLS, LOOK_HEIGHT, LOOK_WIDTH, type LookAxes } from '../occlusion/mouth-look.js';
import type { Plane } from '../picture/affine-warp.js';
import { boxBlur } from '../picture/box-blur.js';
import type { PicturePlanes } from '../picture/planes.js';

/** Bilinear between the centres of the cells. At the sides and below the border goes on: occluders come from there. */
const cellAt = (mask: Float32Array, col: number, row: number): number => {
  const u = col - 0.5;
  const v = row - 0.5;
  if (v <= -1) return 0;
  const x = Math.max(0, Math.min(LOOK_WIDTH - 1.001, u));
  const y = Math.max(0, Math.min(LOOK_HEIGHT - 1.001, v));
  const [ix, iy] = [x | 0, y | 0];
  const [fx, fy] = [x - ix, y - iy];
  const k = iy * LOOK_WIDTH + ix;
  const top = mask[k] + fx * (mask[k + 1] - mask[k]);
  const below = mask[k + LOOK_WIDTH] + fx * (mask[k + LOOK_WIDTH + 1] - mask[k + LOOK_WIDTH]);
  return top + fy * (below - top);
};

const putBackPlane = (
  plane: Plane,
  original: Plane,
  { x0, y0, ux, uy }: LookAxes,
  mask: Float32Array,
  scale: number,
): void => {
  const norm = ux * ux + uy * uy;
  for (let y = 0; y < original.height; y++) {
    const p = (original.y + y - plane.y) * plane.stride + original.x - plane.x;
    const dy = (original.y + y + 0.5) / scale - y0;
    for (let x = 0; x < original.width; x++) {
      const dx = (original.x + x + 0.5) / scale - x0;
      const a = cellAt(mask, (dx * ux + dy * uy) / norm, (dy * ux - dx * uy) / norm);
      if (a < 0.01) continue;
      const seen = original.data[y * original.stride + x];
      plane.data[p + x] += a * (seen - plane.data[p + x]);
    }
  }
};

/**
 * Puts what is before a mouth back over what was drawn there, with a soft edge.
 *
 * @param original the frame before anything was drawn; the planes of it that drawing may have changed
 * @param occluded 1 per occluded cell
 */
export const putBack = (
  planes: PicturePlanes,
  original: PicturePlanes,
  axes: LookAxes,
  occluded: Uint8Array,
): void => {
  const mask = Float32Array.from(occluded);
  boxBlur(mask, LOOK_WIDTH, LOOK_HEIGHT, 1);
  // Half-way between an occluded cell and a free one all of it is still the occluder's: its rim must not show through.
  for (let k = 0; k < LOOK_CELLS; k++) mask[k] = Math.min(1, 1.6 * mask[k]);
  putBackPlane(planes.luma, original.luma, axes, mask, 1);
  putBackPlane(planes.u, original.u, axes, mask, 0.5);
  putBackPlane(planes.v, original.v, axes, mask, 0.5);
};
