/** Length of the pieces in which the vocal tract counts as still, seconds, and how many of them overlap. */
const PIECE = 0.03;
const OVERLAP = 4;
/** Run-in of the filters before each piece, seconds. */
const RUN_IN = 0.01;
/** One pair of poles per kilohertz of bandwidth, and one for the slope of the glottis; more would follow single harmonics. */
const POLES_PER_KHZ = 1;
const MOST_POLES = 40;
/** Keeps the filters stable: a floor of noise at -50 dB, and formants a little broader than measured. */
const NOISE_FLOOR = 1e-5;
const BROADENING = 0.997;
const MOST_GAIN = 4;

/**
 * Coefficients of the filter that predicts a piece from its own past: autocorrelation method, Levinson-Durbin
 * recursion (Makhoul 1975). The first is 1.
 */
const predictor = (input: Float32Array, from: number, length: number, order: number): Float64Array => {
  const piece = Float64Array.from({ length }, (_, index) => {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / length);
    return hann * (input[from + index] ?? 0);
  });
  const correlation = Float64Array.from({ length: order + 1 }, (_, lag) => {
    let sum = 0;
    for (let index = lag; index < length; index++) sum += piece[index] * piece[index - lag];
    return sum;
  });
  const filter = new Float64Array(order + 1);
  filter[0] = 1;
  let error = correlation[0] * (1 + NOISE_FLOOR) + 1e-12;
  for (let step = 1; step <= order; step++) {
    let sum = correlation[step];
    for (let index = 1; index < step; index++) sum += filter[index] * correlation[step - index];
    const reflection = -sum / error;
    const before = filter.slice(0, step);
    for (let index = 1; index < step; index++)
      filter[index] = before[index] + reflection * before[step - index];
    filter[step] = reflection;
    error *= 1 - reflection ** 2;
  }
  return filter;
};

const rms = (input: ArrayLike<number>, from: number, length: number): number => {
  let sum = 0;
  for (let index = from; index < from + length; index++) sum += (input[index] ?? 0) ** 2;
  return Math.sqrt(sum / length);
};

/**
 * Gives speech whose pitch was moved, and its formants with it, the formants and the loudness that the original has at
 * the same time: each piece is whitened by its own predictor and coloured by the original's.
 */
export const withFormantsOf = (
  original: Float32Array,
  moved: Float32Array,
  sampleRate: number,
): Float32Array => {
  const hop = Math.round((PIECE * sampleRate) / OVERLAP);
  const length = hop * OVERLAP;
  const runIn = Math.round(RUN_IN * sampleRate);
  const order = Math.min(MOST_POLES, 2 + Math.round((POLES_PER_KHZ * sampleRate) / 1000));
  const output = new Float32Array(moved.length);
  const coloured = new Float64Array(runIn + length);
  for (let at = hop - length; at < moved.length; at += hop) {
    const own = predictor(moved, at, length, order);
    const wanted = predictor(original, at, length, order).map((value, index) => value * BROADENING ** index);
    for (let index = 0; index < coloured.length; index++) {
      let value = 0;
      for (let tap = 0; tap <= order; tap++) value += own[tap] * (moved[at - runIn + index - tap] ?? 0);
      for (let tap = 1; tap <= Math.min(order, index); tap++) value -= wanted[tap] * coloured[index - tap];
      coloured[index] = value;
    }
    const loudness = rms(coloured, runIn, length);
    const gain = loudness === 0 ? 0 : Math.min(MOST_GAIN, rms(original, at, length) / loudness);
    for (let index = 0; index < length; index++) {
      if (at + index < 0 || at + index >= moved.length) continue;
      const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / length);
      output[at + index] += (hann * gain * coloured[runIn + index] * 2) / OVERLAP;
    }
  }
  return output;
};
