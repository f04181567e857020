import type { Frame } from '../media/frame.js';

/** Tells where a new camera shot begins. */
export type ShotCutDetector = {
  /** True when the frame is not the continuation of the one before. False for the first frame. */
  isCut(frame: Frame): boolean;
};

/** Cells of the luma thumbnail along each axis. */
const GRID = 24;
/** Luma samples along each axis of a cell. */
const CELL_SAMPLES = 4;
/** Bins of the luma histogram. */
const BINS = 32;
/** Mean luma difference of best-matching neighbouring cells above which the layout has changed. */
const LAYOUT_CHANGE = 14;
/** Share of the picture (0 to 1) whose luma fell into another bin, above which the tones have changed. */
const TONE_CHANGE = 0.12;

type Thumbnail = { readonly cells: Float32Array; readonly histogram: Float32Array };

const thumbnailOf = ({ width, height, data }: Frame): Thumbnail => {
  const cells = new Float32Array(GRID * GRID);
  const histogram = new Float32Array(BINS);
  const side = GRID * CELL_SAMPLES;
  for (let j = 0; j < side; j++) {
    const row = Math.floor(((j + 0.5) * height) / side) * width;
    for (let i = 0; i < side; i++) {
      const luma = data[row + Math.floor(((i + 0.5) * width) / side)];
      cells[Math.floor(j / CELL_SAMPLES) * GRID + Math.floor(i / CELL_SAMPLES)] += luma / CELL_SAMPLES ** 2;
      histogram[Math.floor((luma * BINS) / 256)] += 1 / side ** 2;
    }
  }
  return { cells, histogram };
};

/** Mean difference of cells, each against the most alike of its 3 x 3 neighbourhood: motion costs little. */
const layoutChange = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let y = 1; y < GRID - 1; y++) {
    for (let x = 1; x < GRID - 1; x++) {
      let nearest = Infinity;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          nearest = Math.min(nearest, Math.abs(a[y * GRID + x] - b[(y + dy) * GRID + x + dx]));
        }
      }
      sum += nearest;
    }
  }
  return sum / (GRID - 2) ** 2;
};

/** Half the sum of bin differences of the histograms, smoothed so that a small change of light moves nothing far. */
const toneChange = (a: Float32Array, b: Float32Array): number => {
  let [sum, carried] = [0, 0];
  for (let bin = 0; bin < BINS; bin++) {
    carried += a[bin] - b[bin];
    sum += Math.abs(carried);
  }
  return sum / BINS;
};

export const createShotCutDetector = (): ShotCutDetector => {
  let before: Thumbnail | undefined;
  return {
    isCut: (frame) => {
      const now = thumbnailOf(frame);
      const cut =
        before !== undefined &&
        layoutChange(before.cells, now.cells) > LAYOUT_CHANGE &&
        toneChange(before.histogram, now.histogram) > TONE_CHANGE;
      before = now;
      return cut;
    },
  };
};
