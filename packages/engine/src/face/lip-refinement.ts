import { LANDMARK_COUNT } from './face-track.js';
import { IS_LIP, LIP_LANDMARKS, MOUTH_LEFT, MOUTH_RIGHT, OUTER_LIP_LINE } from './landmark-indices.js';

/**
 * The steps between the mesh head and the lip head of the attention mesh, after MediaPipe's custom operators
 * Landmarks2TransformMatrix, TransformTensorBilinear and TransformLandmarks (version 2;
 * `mediapipe/util/tflite/operations`).
 */

/** Side and channels of the feature map that the lip head looks at, and side of its window. */
const FEATURE_SIDE = 48;
const FEATURE_CHANNELS = 32;
const WINDOW_SIDE = 16;
/** Crop pixels (192) per feature map cell (48). */
const CROP_PER_FEATURE = 4;
/** The window is this much larger than the lips. */
const WINDOW_SCALE = 1.5;

export const LIP_WINDOW_FLOATS: number = WINDOW_SIDE * WINDOW_SIDE * FEATURE_CHANNELS;

/** Affine map (x, y) -> (xx x + xy y + x0, yx x + yy y + y0) from window cells to feature map cells. */
export type LipWindow = {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
};

/** The window around the lips, turned along the line of the mouth corners. `mesh` is 468 x 3 in crop pixels. */
export const lipWindow = (mesh: Float32Array): LipWindow => {
  const [left, right] = [MOUTH_LEFT * 3, MOUTH_RIGHT * 3];
  const angle = Math.atan2(mesh[right + 1] - mesh[left + 1], mesh[right] - mesh[left]);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const point of LIP_LANDMARKS) {
    const x = (mesh[point * 3] * cos + mesh[point * 3 + 1] * sin) / CROP_PER_FEATURE;
    const y = (mesh[point * 3 + 1] * cos - mesh[point * 3] * sin) / CROP_PER_FEATURE;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  const centreX = (minX + maxX) / 2;
  const centreY = (minY + maxY) / 2;
  const scaleX = (WINDOW_SCALE * (maxX - minX)) / WINDOW_SIDE;
  const scaleY = (WINDOW_SCALE * (maxY - minY)) / WINDOW_SIDE;
  const [xx, xy, yx, yy] = [cos * scaleX, -sin * scaleY, sin * scaleX, cos * scaleY];
  const half = WINDOW_SIDE / 2;
  return {
    xx,
    xy,
    x0: centreX * cos - centreY * sin - half * (xx + xy),
    yx,
    yy,
    y0: centreX * sin + centreY * cos - half * (yx + yy),
  };
};

/** Where the window's cells lie in a plane of the feature map: the four around each, and their weights. */
const cells = new Int32Array(WINDOW_SIDE * WINDOW_SIDE * 4);
const weights = new Float32Array(WINDOW_SIDE * WINDOW_SIDE * 4);

const placeCells = ({ xx, xy, x0, yx, yy, y0 }: LipWindow): void => {
  const last = FEATURE_SIDE - 1;
  weights.fill(0);
  cells.fill(0);
  for (let j = 0, o = 0; j < WINDOW_SIDE; j++) {
    for (let i = 0; i < WINDOW_SIDE; i++, o += 4) {
      const x = xx * (i + 0.5) + xy * (j + 0.5) + x0 - 0.5;
      const y = yx * (i + 0.5) + yy * (j + 0.5) + y0 - 0.5;
      if (x < 0 || y < 0 || x > last || y > last) continue;
      const [column, row] = [Math.floor(x), Math.floor(y)];
      const [ax, ay] = [x - column, y - row];
      const right = column < last ? 1 : 0;
      const below = row < last ? FEATURE_SIDE : 0;
      const p = row * FEATURE_SIDE + column;
      cells[o] = p;
      cells[o + 1] = p + right;
      cells[o + 2] = p + below;
      cells[o + 3] = p + below + right;
      weights[o] = (1 - ax) * (1 - ay);
      weights[o + 1] = ax * (1 - ay);
      weights[o + 2] = (1 - ax) * ay;
      weights[o + 3] = ax * ay;
    }
  }
};

/** Samples the window out of the feature map (32 x 48 x 48), bilinear, 0 outside, into 32 x 16 x 16. */
export const sampleLipWindow = (features: Float32Array, window: LipWindow, into: Float32Array): void => {
  placeCells(window);
  const [plane, area] = [FEATURE_SIDE * FEATURE_SIDE, WINDOW_SIDE * WINDOW_SIDE];
  for (let c = 0; c < FEATURE_CHANNELS; c++) {
    const p = c * plane;
    for (let k = 0, o = c * area; k < area * 4; k += 4, o++) {
      into[o] =
        weights[k] * features[p + cells[k]] +
        weights[k + 1] * features[p + cells[k + 1]] +
        weights[k + 2] * features[p + cells[k + 2]] +
        weights[k + 3] * features[p + cells[k + 3]];
    }
  }
};

/** The reach of the lip correction on the skin, in widths of the mouth. */
const CARRY_REACH = 0.55;

/**
 * Puts the refined lips into the mesh. The lip head moves its 80 points only; so that the mesh does not fold, the
 * skin around moves along with the outer lip line, less with distance (distance weights 1 / (d² + 4)² with d in crop
 * pixels, fall-off a smooth step over {@link CARRY_REACH} mouth widths).
 *
 * @param mesh 468 x 3 in crop pixels, changed in place; x and y only
 * @param lips 80 x 2 as the lip head gives them, in window cells
 */
export const refineLips = (
  mesh: Float32Array,
  lips: Float32Array,
  { xx, xy, x0, yx, yy, y0 }: LipWindow,
): void => {
  const [left, right] = [MOUTH_LEFT * 3, MOUTH_RIGHT * 3];
  const reach = CARRY_REACH * Math.hypot(mesh[left] - mesh[right], mesh[left + 1] - mesh[right + 1]);
  const plain = OUTER_LIP_LINE.map((point) => [mesh[point * 3], mesh[point * 3 + 1]]);
  LIP_LANDMARKS.forEach((point, k) => {
    mesh[point * 3] = xx * lips[2 * k] + xy * lips[2 * k + 1] + x0 * CROP_PER_FEATURE;
    mesh[point * 3 + 1] = yx * lips[2 * k] + yy * lips[2 * k + 1] + y0 * CROP_PER_FEATURE;
  });
  const moved = OUTER_LIP_LINE.map((point, k) => [
    mesh[point * 3] - plain[k][0],
    mesh[point * 3 + 1] - plain[k][1],
  ]);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    if (IS_LIP[i]) continue;
    const [x, y] = [mesh[i * 3], mesh[i * 3 + 1]];
    let [weights, sumX, sumY, nearest] = [0, 0, 0, Infinity];
    for (let k = 0; k < plain.length; k++) {
      const distance2 = (x - plain[k][0]) ** 2 + (y - plain[k][1]) ** 2;
      if (distance2 < nearest) nearest = distance2;
      const weight = 1 / (distance2 + 4) ** 2;
      weights += weight;
      sumX += weight * moved[k][0];
      sumY += weight * moved[k][1];
    }
    const t = Math.sqrt(nearest) / reach;
    if (t >= 1) continue;
    const share = ((1 - t) ** 2 * (1 + 2 * t)) / weights;
    mesh[i * 3] += share * sumX;
    mesh[i * 3 + 1] += share * sumY;
  }
};
