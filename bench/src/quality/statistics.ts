/** Plain statistics over equally long series; NaN where there is nothing to measure. */

export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
};

export const deviation = (values: ArrayLike<number>): number => {
  const m = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - m) ** 2;
  return Math.sqrt(sum / values.length);
};

/** Pearson correlation of a[i] with b[i + lag]. */
export const correlation = (a: ArrayLike<number>, b: ArrayLike<number>, lag = 0): number => {
  const x: number[] = [];
  const y: number[] = [];
  for (let i = Math.max(0, -lag); i < a.length && i + lag < b.length; i++) {
    x.push(a[i]);
    y.push(b[i + lag]);
  }
  const [mx, my] = [mean(x), mean(y)];
  let covariance = 0;
  for (let i = 0; i < x.length; i++) covariance += (x[i] - mx) * (y[i] - my);
  return covariance / x.length / (deviation(x) * deviation(y));
};

/** The lag, in frames from -3 to 3, at which the correlation is largest. */
export const bestLag = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  [-3, -2, -1, 0, 1, 2, 3].reduce((best, lag) =>
    correlation(a, b, lag) > correlation(a, b, best) ? lag : best,
  );

/** Least squares of y on x, as a function. */
export const regression = (x: ArrayLike<number>, y: ArrayLike<number>): ((x: number) => number) => {
  const [mx, my] = [mean(x), mean(y)];
  let covariance = 0;
  let variance = 1e-12;
  for (let i = 0; i < x.length; i++) {
    covariance += (x[i] - mx) * (y[i] - my);
    variance += (x[i] - mx) ** 2;
  }
  return (value) => my + (covariance / variance) * (value - mx);
};
