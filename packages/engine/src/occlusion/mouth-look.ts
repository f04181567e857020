import { LEFT_EYE_OUTER, NOSE_BASE, RIGHT_EYE_OUTER } from '../face/landmark-indices.js';
import type { Plane } from '../picture/affine-warp.js';
import type { PicturePlanes } from '../picture/planes.js';

/** The lower face as a grid of cells that hangs on the nose, along the line of the eyes: what is before it is found there. */
export const LOOK_WIDTH = 40;
export const LOOK_HEIGHT = 32;
export const LOOK_CELLS: number = LOOK_WIDTH * LOOK_HEIGHT;
/** Side of a cell in IOD, and the top of the grid below the base of the nose. */
const CELL = 0.03;
const TOP = 0.03;

/** Maps the grid to the frame: x = x0 + col * ux - row * uy, y = y0 + col * uy + row * ux. Pixels. */
export type LookAxes = {
  readonly x0: number;
  readonly y0: number;
  readonly ux: number;
  readonly uy: number;
};

/**
 * @param points x, y of the landmark `i` at `stride * i`
 * @param iod in pixels
 */
export const lookAxes = (points: ArrayLike<number>, stride: 2 | 3, iod: number): LookAxes => {
  const at = (i: number): [number, number] => [points[stride * i], points[stride * i + 1]];
  const [ax, ay] = at(LEFT_EYE_OUTER);
  const [bx, by] = at(RIGHT_EYE_OUTER);
  const [nx, ny] = at(NOSE_BASE);
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const ux = (CELL * iod * (bx - ax)) / length;
  const uy = (CELL * iod * (by - ay)) / length;
  const down = TOP / CELL;
  return {
    x0: nx - (LOOK_WIDTH / 2) * ux - down * uy,
    y0: ny - (LOOK_WIDTH / 2) * uy + down * ux,
    ux,
    uy,
  };
};

/** One sample per cell; noise is left to the many cells. */
const samplePlane = (
  { data, width, height, stride, x: left, y: top }: Plane,
  { x0, y0, ux, uy }: LookAxes,
  scale: number,
  neutral: number,
  out: Float32Array,
): void => {
  const [stepX, stepY] = [ux * scale, uy * scale];
  for (let row = 0, k = 0; row < LOOK_HEIGHT; row++) {
    let x = (x0 + 0.5 * ux - (row + 0.5) * uy) * scale - left;
    let y = (y0 + 0.5 * uy + (row + 0.5) * ux) * scale - top;
    for (let col = 0; col < LOOK_WIDTH; col++, k++, x += stepX, y += stepY) {
      const px = x < 0 ? 0 : x >= width ? width - 1 : x | 0;
      const py = y < 0 ? 0 : y >= height ? height - 1 : y | 0;
      out[k] = data[py * stride + px] - neutral;
    }
  }
};

/** Colours of the cells: luma above black, U and V from neutral, one plane of LOOK_CELLS after the other. */
export const sampleLook = (
  { luma, u, v }: PicturePlanes,
  axes: LookAxes,
  out: Float32Array,
): Float32Array => {
  samplePlane(luma, axes, 1, 16, out.subarray(0, LOOK_CELLS));
  samplePlane(u, axes, 0.5, 128, out.subarray(LOOK_CELLS, 2 * LOOK_CELLS));
  samplePlane(v, axes, 0.5, 128, out.subarray(2 * LOOK_CELLS));
  return out;
};
