/** Jacobi converges quadratically: 4 x 4 matrices are done after about five sweeps. */
const MAX_SWEEPS = 16;

const offDiagonal = (a: Float64Array, n: number): number => {
  let sum = 0;
  for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) sum += Math.abs(a[p * n + q]);
  return sum;
};

/** Turns rows and columns p, q so that a[p][q] becomes 0, and carries the turn to the eigenvectors. */
const rotate = (a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void => {
  const apq = a[p * n + q];
  if (apq === 0) return;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [kp, kq] = [a[k * n + p], a[k * n + q]];
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const [pk, qk] = [a[p * n + k], a[q * n + k]];
    a[p * n + k] = c * pk - s * qk;
    a[q * n + k] = s * pk + c * qk;
    const [vp, vq] = [vectors[k * n + p], vectors[k * n + q]];
    vectors[k * n + p] = c * vp - s * vq;
    vectors[k * n + q] = s * vp + c * vq;
  }
};

/**
 * Unit eigenvector of the largest eigenvalue of a small symmetric matrix (cyclic Jacobi method).
 *
 * @param matrix n x n, row by row; overwritten
 */
export const largestEigenvector = (matrix: Float64Array, n: number): Float64Array => {
  const vectors = new Float64Array(n * n);
  for (let k = 0; k < n; k++) vectors[k * n + k] = 1;
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(matrix, n) > 1e-300; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(matrix, vectors, n, p, q);
  }
  let best = 0;
  for (let k = 1; k < n; k++) if (matrix[k * n + k] > matrix[best * n + best]) best = k;
  return Float64Array.from({ length: n }, (_, k) => vectors[k * n + best]);
};
