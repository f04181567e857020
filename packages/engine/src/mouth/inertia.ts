/** Lips and jaw are heavier than sound: how much later they follow and how smoothly. Seconds. */
export type Inertia = {
  readonly delay: number;
  /** Standard deviation of a Gaussian. */
  readonly smoothing: number;
};

/** A curve as something heavy follows it. Beyond its ends it stays as it is there. */
export const followed = (curve: Float32Array, rate: number, { delay, smoothing }: Inertia): Float32Array => {
  const reach = Math.ceil(3 * smoothing * rate);
  const late = Math.round(delay * rate);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-0.5 * ((k - reach) / rate / smoothing) ** 2),
  );
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return curve.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const at = Math.min(curve.length - 1, Math.max(0, i - late + k - reach));
      sum += weights[k] * curve[at];
    }
    return sum / whole;
  });
};
