/**
 * Zero-phase Gaussian over rows of `stride` values, within [start, end) rows only, so that nothing leaks across a
 * cut. Sigma in rows; the ends repeat their last row.
 */
export const gaussianSmooth = (
  values: Float32Array,
  stride: number,
  start: number,
  end: number,
  sigma: number,
): void => {
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((a, b) => a + b, 0);
  const source = values.slice(start * stride, end * stride);
  const rows = end - start;
  for (let t = 0; t < rows; t++) {
    for (let c = 0; c < stride; c++) {
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        const row = Math.min(rows - 1, Math.max(0, t + k));
        sum += kernel[k + radius] * source[row * stride + c];
      }
      values[(start + t) * stride + c] = sum / total;
    }
  }
};
