import type { Frame } from '../picture/frame.js';
import { sampleLuma } from './sample-luma.js';
import type { TurnedSquare } from './turned-square.js';

/** How the face of the last remembered frame moved to another frame. */
type Motion = {
  readonly square: TurnedSquare;
  /** Mean difference of the moved face from the remembered one, over the contrast of the face; good ones are < 0.3. */
  readonly mismatch: number;
};

/**
 * Follows a face from frame to frame by its pixels: registration by shift, turn and scale (Lucas and Kanade 1981,
 * forward-additive on a remembered gradient, coarse to fine). It moves a square exactly with the face and costs a
 * tenth of a look of the mesh, whose own placement wobbles by 0.4 % of IOD.
 */
export type FaceMotion = {
  /** Keeps the look of the face in a square. */
  remember(frame: Frame, square: TurnedSquare): void;
  /** Finds the remembered face, from its remembered square on. */
  follow(frame: Frame): Motion;
};

/** Part of the square (a face with margin 1.5) that the registration looks at. */
const WINDOW = 0.77;
const LEVELS: readonly { readonly size: number; readonly steps: number }[] = [
  { size: 16, steps: 5 },
  { size: 32, steps: 3 },
];
const SAMPLES = 2;

/** Shift x, shift y, log scale and turn, in cells and radians. */
const PARAMETERS = 4;

type Level = {
  readonly size: number;
  readonly steps: number;
  /** How much each cell counts: the eyes, brows and nose, not the mouth, which moves by itself. */
  readonly weights: Float32Array;
  readonly luma: Float32Array;
  readonly warped: Float32Array;
  /** Change of each cell's luma by each parameter. */
  readonly gradients: Float32Array;
};

const createLevel = ({ size, steps }: { size: number; steps: number }): Level => ({
  size,
  steps,
  weights: Float32Array.from({ length: size * size }, (_, k) => {
    const x = ((k % size) + 0.5) / size - 0.5;
    const y = (Math.floor(k / size) + 0.5) / size - 0.5;
    return Math.exp(-(x * x) / (2 * 0.25 ** 2) - (y + 0.1) ** 2 / (2 * 0.22 ** 2));
  }),
  luma: new Float32Array(size * size),
  warped: new Float32Array(size * size),
  gradients: new Float32Array(size * size * PARAMETERS),
});

const computeGradients = ({ size, luma, gradients }: Level): void => {
  for (let j = 1; j < size - 1; j++) {
    for (let i = 1; i < size - 1; i++) {
      const k = j * size + i;
      const gx = (luma[k + 1] - luma[k - 1]) / 2;
      const gy = (luma[k + size] - luma[k - size]) / 2;
      const [u, v] = [i + 0.5 - size / 2, j + 0.5 - size / 2];
      gradients.set([gx, gy, gx * u + gy * v, gy * u - gx * v], k * PARAMETERS);
    }
  }
};

/** Weighted mean and standard deviation. */
const statistics = (values: Float32Array, weights: Float32Array): { mean: number; deviation: number } => {
  let [total, sum, squares] = [0, 0, 0];
  for (let k = 0; k < values.length; k++) {
    total += weights[k];
    sum += weights[k] * values[k];
    squares += weights[k] * values[k] * values[k];
  }
  const mean = sum / total;
  return { mean, deviation: Math.sqrt(Math.max(squares / total - mean * mean, 1e-3)) };
};

/** Differences of the warped face from the remembered one, brought to its brightness and contrast, into `warped`. */
const subtractRemembered = ({ luma, warped, weights }: Level): number => {
  const remembered = statistics(luma, weights);
  const now = statistics(warped, weights);
  const gain = remembered.deviation / now.deviation;
  let [total, sum] = [0, 0];
  for (let k = 0; k < luma.length; k++) {
    warped[k] = (warped[k] - now.mean) * gain - (luma[k] - remembered.mean);
    total += weights[k];
    sum += weights[k] * Math.abs(warped[k]);
  }
  return sum / total;
};

/** Solves the symmetric 4 x 5 system in place by elimination; the solution is returned. */
const solve = (system: Float64Array): Float64Array => {
  const columns = PARAMETERS + 1;
  for (let a = 0; a < PARAMETERS; a++) {
    for (let b = a + 1; b < PARAMETERS; b++) {
      const factor = system[b * columns + a] / system[a * columns + a];
      for (let c = a; c < columns; c++) system[b * columns + c] -= factor * system[a * columns + c];
    }
  }
  const solution = new Float64Array(PARAMETERS);
  for (let a = PARAMETERS - 1; a >= 0; a--) {
    let rest = system[a * columns + PARAMETERS];
    for (let b = a + 1; b < PARAMETERS; b++) rest -= system[a * columns + b] * solution[b];
    solution[a] = rest / system[a * columns + a];
  }
  return solution;
};

/** The parameters by which the face still differs; cells that differ much count less (Cauchy weights). */
const remainingMotion = (
  { size, weights, warped, gradients }: Level,
  meanDifference: number,
): Float64Array => {
  const columns = PARAMETERS + 1;
  const system = new Float64Array(PARAMETERS * columns);
  const spread = 2.5 * meanDifference + 1;
  for (let j = 1; j < size - 1; j++) {
    for (let i = 1; i < size - 1; i++) {
      const k = j * size + i;
      const difference = warped[k];
      const weight = weights[k] / (1 + (difference / spread) ** 2);
      for (let a = 0; a < PARAMETERS; a++) {
        const weighted = weight * gradients[k * PARAMETERS + a];
        for (let b = a; b < PARAMETERS; b++)
          system[a * columns + b] += weighted * gradients[k * PARAMETERS + b];
        system[a * columns + PARAMETERS] += weighted * difference;
      }
    }
  }
  for (let a = 0; a < PARAMETERS; a++) {
    for (let b = 0; b < a; b++) system[a * columns + b] = system[b * columns + a];
    system[a * columns + a] = system[a * columns + a] * 1.0001 + 1e-6;
  }
  return solve(system);
};

const moveBack = (
  square: TurnedSquare,
  [shiftX, shiftY, logScale, turn]: Float64Array,
  size: number,
): TurnedSquare => {
  const cell = square.size / size;
  const [cos, sin] = [Math.cos(square.angle) * cell, Math.sin(square.angle) * cell];
  return {
    x: square.x - shiftX * cos + shiftY * sin,
    y: square.y - shiftX * sin - shiftY * cos,
    size: square.size * Math.exp(Math.max(-0.2, Math.min(0.2, -logScale))),
    angle: square.angle - turn,
  };
};

export const createFaceMotion = (): FaceMotion => {
  const levels = LEVELS.map(createLevel);
  let remembered: TurnedSquare = { x: 0, y: 0, size: 1, angle: 0 };
  return {
    remember: (frame, square) => {
      remembered = { ...square, size: square.size * WINDOW };
      for (const level of levels) {
        sampleLuma(frame, remembered, level.size, SAMPLES, level.luma);
        computeGradients(level);
      }
    },
    follow: (frame) => {
      let square = remembered;
      let mismatch = 0;
      for (const level of levels) {
        for (let step = 0; step < level.steps; step++) {
          sampleLuma(frame, square, level.size, SAMPLES, level.warped);
          const difference = subtractRemembered(level);
          mismatch = difference / statistics(level.luma, level.weights).deviation;
          square = moveBack(square, remainingMotion(level, difference), level.size);
        }
      }
      return { square: { ...square, size: square.size / WINDOW }, mismatch };
    },
  };
};
