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

/** Where a cell is looked at, in cells from its corner; chroma is that of several pixels anyway. */
const LUMA_SAMPLES = [
  [0.3, 0.3],
  [0.7, 0.7],
];
const CHROMA_SAMPLES = [[0.5, 0.5]];

const samplePlane = (
  plane: Plane,
  { x0, y0, ux, uy }: LookAxes,
  scale: number,
  samples: readonly (readonly number[])[],
  neutral: number,
  out: Float32Array,
): void => {
  const { data, width, height, stride, x: left, y: top } = plane;
  const share = 1 / samples.length;
  for (let row = 0, k = 0; row < LOOK_HEIGHT; row++) {
    for (let col = 0; col < LOOK_WIDTH; col++, k++) {
      let sum = 0;
      for (const [u, v] of samples) {
        const x = ((x0 + (col + u) * ux - (row + v) * uy) * scale - left) | 0;
        const y = ((y0 + (col + u) * uy + (row + v) * ux) * scale - top) | 0;
        sum += data[Math.max(0, Math.min(height - 1, y)) * stride + Math.max(0, Math.min(width - 1, x))];
      }
      out[k] = sum * share - neutral;
    }
  }
};

/** Colours of the cells: luma above black, U and V from neutral, one plane of LOOK_CELLS after the other. */
export const sampleLook = (
  { luma, u, v }: PicturePlanes,
  axes: LookAxes,
  out: Float32Array,
): Float32Array => {
  samplePlane(luma, axes, 1, LUMA_SAMPLES, 16, out.subarray(0, LOOK_CELLS));
  samplePlane(u, axes, 0.5, CHROMA_SAMPLES, 128, out.subarray(LOOK_CELLS, 2 * LOOK_CELLS));
  samplePlane(v, axes, 0.5, CHROMA_SAMPLES, 128, out.subarray(2 * LOOK_CELLS));
  return out;
};
