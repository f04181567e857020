import type { Frame } from '../picture/frame.js';

/** Shot boundary detection: tells where a new camera shot begins. */
export type ShotCutDetector = {
  /** True when the frame is not the continuation of the one before. False for the first frame. */
  isCut(frame: Frame): boolean;
};

/** Cells of the luma thumbnail along each axis. */
const GRID = 24;
/** Luma samples along each axis of a cell. */
const CELL_SAMPLES = 4;
/**
 * A cut changes the picture more than this: luma levels by which the cells changed, times 1 - correlation of the
 * thumbnails. Real cuts measure 8 to 27, fast motion close to the camera up to 1.6, a change of exposure below 0.1.
 */
const CUT_CHANGE = 3.5;

const thumbnailOf = ({ width, height, data }: Frame): Float32Array => {
  const cells = new Float32Array(GRID * GRID);
  const side = GRID * CELL_SAMPLES;
  for (let j = 0; j < side; j++) {
    const row = Math.floor(((j + 0.5) * height) / side) * width;
    const cell = Math.floor(j / CELL_SAMPLES) * GRID;
    for (let i = 0; i < side; i++) {
      const luma = data[row + Math.floor(((i + 0.5) * width) / side)];
      cells[cell + Math.floor(i / CELL_SAMPLES)] += luma / CELL_SAMPLES ** 2;
    }
  }
  return cells;
};

/** Mean difference of cells, each against the most alike of its 3 x 3 neighbourhood: motion costs little. */
const levelsChanged = (before: Float32Array, now: Float32Array): number => {
  let sum = 0;
  for (let y = 1; y < GRID - 1; y++) {
    for (let x = 1; x < GRID - 1; x++) {
      let nearest = Infinity;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          nearest = Math.min(nearest, Math.abs(before[y * GRID + x] - now[(y + dy) * GRID + x + dx]));
        }
      }
      sum += nearest;
    }
  }
  return sum / (GRID - 2) ** 2;
};

const correlation = (a: Float32Array, b: Float32Array): number => {
  const mean = (values: Float32Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    ab += (a[k] - meanA) * (b[k] - meanB);
    aa += (a[k] - meanA) ** 2;
    bb += (b[k] - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb + 1e-9);
};

export const createShotCutDetector = (): ShotCutDetector => {
  let before: Float32Array | undefined;
  return {
    isCut: (frame) => {
      const now = thumbnailOf(frame);
      const change = before ? levelsChanged(before, now) * (1 - correlation(before, now)) : 0;
      before = now;
      return change > CUT_CHANGE;
    },
  };
};
