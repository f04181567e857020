/**
 * The value that `share` (0 to 1) of the values lie below, interpolated between neighbours; 0 of no values.
 */
export const percentile = (values: Float32Array, share: number): number => {
  if (values.length === 0) return 0;
  const sorted = values.toSorted();
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]) * (at - below);
};
