import { type Donor, type DonorLibrary, donorPlanes } from '../donor/donor-library.js';
import { type FaceTrack, LANDMARK_FLOATS } from '../face/face-track.js';
import { INNER_LIP_LINE } from '../face/landmark-indices.js';
import { poseAt } from '../face/pose.js';
import { newShape, shapeAt } from '../mouth-space/face-space.js';
import type { Plane } from '../picture/affine-warp.js';
import { fillPolygon } from '../picture/polygon-mask.js';
import { headAnchor, SHEET_BOTTOM, SHEET_REACH, SHEET_TOP, sheetToPixels } from './head-plane.js';
import { skinLight } from './mouth-colours.js';

const FINER = 1.3;

/** Cells of the sheet per face-space centimetre, and its size in cells (even). */
export type SheetGrid = { readonly perCm: number; readonly width: number; readonly height: number };

/** @param pixelsPerCm of the pictures that are laid out: the sheet is finer, as it is sampled twice */
export const sheetGrid = (pixelsPerCm: number): SheetGrid => {
  const perCm = FINER * pixelsPerCm;
  return {
    perCm,
    width: 2 * Math.round(SHEET_REACH * perCm),
    height: 2 * Math.round(((SHEET_BOTTOM - SHEET_TOP) * perCm) / 2),
  };
};

/** One picture of an open mouth, laid out on the sheet. Colours 0 to 255, bt709 limited range. */
export type InsideView = {
  readonly grid: SheetGrid;
  readonly luma: Float32Array;
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** 1 in cells that lie well between the inner lip lines. */
  readonly inside: Uint8Array;
  /** How well the skin around is lit, see skinLight. */
  readonly skinLuma: number;
};

/** Kept from the lip lines, in cm: there lip and inside mix. */
const EDGE = 0.06;

const sample = (plane: Plane, x: number, y: number): number => {
  const cx = Math.max(0, Math.min(plane.width - 1.001, x - plane.x - 0.5));
  const cy = Math.max(0, Math.min(plane.height - 1.001, y - plane.y - 0.5));
  const [ix, iy] = [cx | 0, cy | 0];
  const [fx, fy] = [cx - ix, cy - iy];
  const p = iy * plane.stride + ix;
  const { data, stride } = plane;
  const top = data[p] + fx * (data[p + 1] - data[p]);
  return top + fy * (data[p + stride] + fx * (data[p + stride + 1] - data[p + stride]) - top);
};

/** Weights of the four samples around a position between the middle two (Catmull-Rom). */
const cubic = (t: number): [number, number, number, number] => [
  t * (-0.5 + t * (1 - 0.5 * t)),
  1 + t * t * (-2.5 + 1.5 * t),
  t * (0.5 + t * (2 - 1.5 * t)),
  t * t * (-0.5 + 0.5 * t),
];

/** Bicubic; teeth would look soft else. */
const sampleSharp = (plane: Plane, x: number, y: number): number => {
  const cx = x - plane.x - 0.5;
  const cy = y - plane.y - 0.5;
  const [ix, iy] = [Math.floor(cx), Math.floor(cy)];
  if (ix < 1 || iy < 1 || ix + 2 >= plane.width || iy + 2 >= plane.height) return sample(plane, x, y);
  const [wx, wy] = [cubic(cx - ix), cubic(cy - iy)];
  let sum = 0;
  for (let j = 0; j < 4; j++) {
    const p = (iy + j - 1) * plane.stride + ix - 1;
    let row = 0;
    for (let i = 0; i < 4; i++) row += wx[i] * plane.data[p + i];
    sum += wy[j] * row;
  }
  return sum;
};

export const medianOf = (values: Iterable<number>): number => {
  const sorted = Float32Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
};

/** Lays a donor's mouth out on the sheet. */
export const viewInside = (
  track: FaceTrack,
  library: DonorLibrary,
  donor: Donor,
  grid: SheetGrid,
): InsideView => {
  const at = donor.frame * LANDMARK_FLOATS;
  const points = track.landmarks.subarray(at, at + LANDMARK_FLOATS);
  const pose = poseAt(track, donor.frame);
  const anchor = headAnchor(shapeAt(track, donor.frame, newShape()));
  const planes = donorPlanes(library, donor);
  const size = grid.width * grid.height;
  const view = {
    luma: new Float32Array(size),
    u: new Float32Array(size),
    v: new Float32Array(size),
    pixels: new Float32Array(2 * size),
  };
  for (let row = 0; row < grid.height; row++) {
    for (let col = 0; col < grid.width; col++) {
      const k = row * grid.width + col;
      const [x, y] = sheetToPixels(
        (col + 0.5) / grid.perCm - SHEET_REACH,
        (row + 0.5) / grid.perCm + SHEET_TOP,
        anchor,
        pose,
      );
      view.luma[k] = sampleSharp(planes.luma, x, y);
      view.u[k] = sample(planes.u, x / 2, y / 2);
      view.v[k] = sample(planes.v, x / 2, y / 2);
      view.pixels[2 * k] = x;
      view.pixels[2 * k + 1] = y;
    }
  }
  return {
    grid,
    luma: view.luma,
    u: view.u,
    v: view.v,
    inside: insideCells(view.pixels, points, grid, EDGE * pose.scale),
    skinLuma: skinLight(planes.luma, picturePoints(points)),
  };
};

/** Landmarks x, y, z as x, y pairs. */
export const picturePoints = (landmarks: Float32Array): Float64Array =>
  Float64Array.from({ length: (landmarks.length / 3) * 2 }, (_, k) => landmarks[3 * (k >> 1) + (k & 1)]);

/** Cells whose pixel, and the pixels `edge` around it, lie between the inner lip lines. */
const insideCells = (
  pixels: Float32Array,
  points: Float32Array,
  grid: SheetGrid,
  edge: number,
): Uint8Array => {
  const line = INNER_LIP_LINE.flatMap((i) => [points[3 * i], points[3 * i + 1]]);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < line.length; i += 2) {
    left = Math.min(left, line[i]);
    right = Math.max(right, line[i]);
    top = Math.min(top, line[i + 1]);
    bottom = Math.max(bottom, line[i + 1]);
  }
  const [x0, y0] = [Math.floor(left) - 2, Math.floor(top) - 2];
  const region = { x: x0, y: y0, width: Math.ceil(right) + 2 - x0, height: Math.ceil(bottom) + 2 - y0 };
  const mask = new Float32Array(region.width * region.height);
  fillPolygon(line, region, mask, 1);
  const on = (x: number, y: number): boolean => {
    const [ix, iy] = [Math.floor(x) - region.x, Math.floor(y) - region.y];
    return ix >= 0 && iy >= 0 && ix < region.width && iy < region.height && mask[iy * region.width + ix] > 0;
  };
  const inside = new Uint8Array(grid.width * grid.height);
  for (let k = 0; k < inside.length; k++) {
    const [x, y] = [pixels[2 * k], pixels[2 * k + 1]];
    if (on(x, y) && on(x, y - edge) && on(x, y + edge)) inside[k] = 1;
  }
  return inside;
};
