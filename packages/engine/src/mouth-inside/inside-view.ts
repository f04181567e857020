import { type Donor, type DonorLibrary, donorPlanes } from '../donor/donor-library.js';
import { type FaceTrack, LANDMARK_FLOATS } from '../face/face-track.js';
import { framePoints } from '../face/frame-points.js';
import { INNER_LIP_LINE } from '../face/landmark-indices.js';
import { poseAt } from '../face/pose.js';
import { newShape, shapeAt } from '../mouth-space/face-space.js';
import type { Plane } from '../picture/affine-warp.js';
import type { PixelBox } from '../picture/pixel-box.js';
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
/** Looked at around the opening, in cm; more than EDGE. */
const MARGIN = 0.3;

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
  const sorted = Float64Array.from(values).sort();
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
  const luma = new Float32Array(size);
  const u = new Float32Array(size);
  const v = new Float32Array(size);
  const inside = new Uint8Array(size);
  const opening = openingMask(points, MARGIN * pose.scale);
  const { box, mask } = opening;
  const edge = EDGE * pose.scale;
  const open = (x: number, y: number): boolean => mask[(y - box.y) * box.width + x - box.x] > 0;
  for (let col = 0; col < grid.width; col++) {
    // The sheet is bent sideways only: down a column, pixels lie evenly on a straight line.
    const across = (col + 0.5) / grid.perCm - SHEET_REACH;
    const [startX, startY] = sheetToPixels(across, SHEET_TOP, anchor, pose);
    const [endX, endY] = sheetToPixels(across, SHEET_TOP + 1, anchor, pose);
    for (let row = 0; row < grid.height; row++) {
      const down = (row + 0.5) / grid.perCm;
      const x = startX + (endX - startX) * down;
      const y = startY + (endY - startY) * down;
      const [px, py] = [Math.floor(x), Math.floor(y)];
      if (px < box.x || px >= box.x + box.width || py < box.y || py >= box.y + box.height) continue;
      const k = row * grid.width + col;
      luma[k] = sampleSharp(planes.luma, x, y);
      u[k] = sample(planes.u, x / 2, y / 2);
      v[k] = sample(planes.v, x / 2, y / 2);
      if (open(px, py) && open(px, Math.floor(y - edge)) && open(px, Math.floor(y + edge))) inside[k] = 1;
    }
  }
  return { grid, luma, u, v, inside, skinLuma: skinLight(planes.luma, framePoints(track, donor.frame)) };
};

/** The pixels between the inner lip lines, in a box with a margin of so many pixels around them. */
const openingMask = (points: Float32Array, margin: number): { box: PixelBox; mask: Float32Array } => {
  const line = INNER_LIP_LINE.flatMap((i) => [points[3 * i], points[3 * i + 1]]);
  const xs = line.filter((_, k) => k % 2 === 0);
  const ys = line.filter((_, k) => k % 2 === 1);
  const x = Math.floor(Math.min(...xs) - margin);
  const y = Math.floor(Math.min(...ys) - margin);
  const box = {
    x,
    y,
    width: Math.ceil(Math.max(...xs) + margin) - x,
    height: Math.ceil(Math.max(...ys) + margin) - y,
  };
  const mask = new Float32Array(box.width * box.height);
  fillPolygon(line, box, mask, 1);
  return { box, mask };
};
