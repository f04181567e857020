/** Computes |FFT|² of a real frame: `frame` has `size` values, `power` gets `size / 2 + 1`. */
export type PowerSpectrum = (frame: Float64Array, power: Float64Array) => void;

/**
 * Prepares power spectra of real frames of one length, through a complex FFT of half that length
 * (even samples as real parts, odd ones as imaginary parts; Press et al., Numerical Recipes 12.3).
 *
 * @param size samples in a frame, a power of two
 */
export const createPowerSpectrum = (size: number): PowerSpectrum => {
  const half = size / 2;
  const reversed = bitReversed(half);
  const cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  const re = new Float64Array(half);
  const im = new Float64Array(half);

  const transform = (): void => {
    for (let span = 1; span < half; span *= 2) {
      const stride = half / span;
      for (let start = 0; start < half; start += 2 * span) {
        for (let k = 0; k < span; k++) {
          const a = start + k;
          const b = a + span;
          const c = cos[k * stride];
          const s = sin[k * stride];
          const tr = re[b] * c - im[b] * s;
          const ti = re[b] * s + im[b] * c;
          re[b] = re[a] - tr;
          im[b] = im[a] - ti;
          re[a] += tr;
          im[a] += ti;
        }
      }
    }
  };

  return (frame, power) => {
    for (let k = 0; k < half; k++) {
      re[reversed[k]] = frame[2 * k];
      im[reversed[k]] = frame[2 * k + 1];
    }
    transform();
    power[0] = (re[0] + im[0]) ** 2;
    power[half] = (re[0] - im[0]) ** 2;
    for (let k = 1; k < half; k++) {
      const mirror = half - k;
      const evenRe = (re[k] + re[mirror]) / 2;
      const evenIm = (im[k] - im[mirror]) / 2;
      const oddRe = (im[k] + im[mirror]) / 2;
      const oddIm = (re[mirror] - re[k]) / 2;
      const real = evenRe + cos[k] * oddRe - sin[k] * oddIm;
      const imaginary = evenIm + cos[k] * oddIm + sin[k] * oddRe;
      power[k] = real * real + imaginary * imaginary;
    }
  };
};

const bitReversed = (length: number): Uint16Array => {
  const order = new Uint16Array(length);
  for (let k = 1; k < length; k++) order[k] = (order[k >> 1] >> 1) | (k & 1 ? length >> 1 : 0);
  return order;
};
