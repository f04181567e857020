import { average } from './average.js';
/**
 * Weights of the cues whose sum comes nearest to the targets, kept small where little is known. The last cue is the
 * constant and goes unpenalised.
 *
 * @param cues one row per observation
 * @param penalty in units of observations times the variance of a cue
 */
export const ridgeRegression = (
  cues: readonly Float64Array[],
  targets: readonly number[],
  penalty: number,
): Float64Array => {
  const size = cues[0].length;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  const variance = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const centre = average(cues.map((cue) => cue[i]));
    variance[i] = average(cues.map((cue) => (cue[i] - centre) ** 2));
  }
  cues.forEach((cue, k) => {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) matrix[i][j] += cue[i] * cue[j];
      matrix[i][size] += cue[i] * targets[k];
    }
  });
  for (let i = 0; i < size - 1; i++) matrix[i][i] += penalty * cues.length * (variance[i] + 1e-6);
  return solve(matrix);
};

/** Gauss-Jordan elimination of a positive definite system, the right side as its last column. */
const solve = (matrix: Float64Array[]): Float64Array => {
  const size = matrix.length;
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = matrix[row][pivot] / matrix[pivot][pivot];
      for (let column = pivot; column <= size; column++)
        matrix[row][column] -= factor * matrix[pivot][column];
    }
  }
  return Float64Array.from(matrix, (row, i) => row[size] / row[i]);
};
