import { percentile } from './percentile.js';
import { createPowerSpectrum } from './real-fft.js';

/** Rate of the sound that the speech net hears, Hz. */
export const NET_SAMPLE_RATE = 16_000;

/** Samples from one frame to the next: 100 frames a second. */
export const HOP = 160;

export const MEL_BANDS = 40;

const WINDOW = 400;
const FFT_SIZE = 512;
const LOWEST_HZ = 60;
const HIGHEST_HZ = 7600;

/** Keeps the logarithm of silence finite. */
const FLOOR = 1e-6;

/**
 * Log-mel spectrum, natural logarithm of power, time-major: `frames × MEL_BANDS` values with
 * `frames = floor(samples / HOP)`. Frame t is centred at sample (t + 0.5) × HOP; beyond the ends is silence.
 * The net was trained on exactly this (`training/log_mel.py`).
 *
 * @param samples mono, 16 kHz
 */
export const logMel = (samples: Float32Array): Float32Array<ArrayBuffer> => {
  const frames = Math.floor(samples.length / HOP);
  const spectrum = new Float32Array(frames * MEL_BANDS);
  const frame = new Float64Array(FFT_SIZE);
  const power = new Float64Array(FFT_SIZE / 2 + 1);
  for (let t = 0; t < frames; t++) {
    const start = t * HOP + HOP / 2 - WINDOW / 2;
    for (let i = 0; i < WINDOW; i++) frame[i] = (samples[start + i] ?? 0) * HANN[i];
    powerSpectrum(frame, power);
    BANDS.forEach(({ first, weights }, band) => {
      let sum = FLOOR;
      for (let i = 0; i < weights.length; i++) sum += weights[i] * power[first + i];
      spectrum[t * MEL_BANDS + band] = Math.log(sum);
    });
  }
  return spectrum;
};

/** Frames this far (30 dB) below the loud ones count as pauses. */
const ACTIVE_RANGE = 7;

/** What lies this far below the band's mean is background. */
const BACKGROUND_RANGE = 10;

/** Brings the spectrum to about -2.5 to 1. */
const SPECTRUM_SCALE = 4;

const FEWEST_ACTIVE_FRAMES = 10;

/** Quieter than this (about -70 dB of full scale) there is no speech to compare with: all is background. */
const SILENCE = Math.log(FLOOR) + 4;

/**
 * Takes out loudness and colouring of a recording, in place: subtracts each band's mean over the frames with speech,
 * cuts off the background and scales to what the net was trained on.
 */
export const normaliseSpectrum = (spectrum: Float32Array): void => {
  const frames = spectrum.length / MEL_BANDS;
  const loudest = loudestBands(spectrum);
  const loud = percentile(loudest, 0.95);
  if (loud < SILENCE) {
    spectrum.fill(-BACKGROUND_RANGE / SPECTRUM_SCALE);
    return;
  }
  const threshold = loud - ACTIVE_RANGE;
  const counted = loudest.filter((level) => level > threshold).length;
  const everything = counted < FEWEST_ACTIVE_FRAMES;
  const mean = new Float64Array(MEL_BANDS);
  for (let t = 0; t < frames; t++) {
    if (!everything && loudest[t] <= threshold) continue;
    for (let band = 0; band < MEL_BANDS; band++) mean[band] += spectrum[t * MEL_BANDS + band];
  }
  for (let band = 0; band < MEL_BANDS; band++) mean[band] /= everything ? frames : counted;
  for (let i = 0; i < spectrum.length; i++) {
    const centre = mean[i % MEL_BANDS];
    spectrum[i] = (Math.max(spectrum[i], centre - BACKGROUND_RANGE) - centre) / SPECTRUM_SCALE;
  }
};

const loudestBands = (spectrum: Float32Array): Float32Array => {
  const loudest = new Float32Array(spectrum.length / MEL_BANDS).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < spectrum.length; i++) {
    const t = Math.floor(i / MEL_BANDS);
    if (spectrum[i] > loudest[t]) loudest[t] = spectrum[i];
  }
  return loudest;
};

const mel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);

/** The triangular filters of the bands, without the zeros beside them. */
const melFilters = (): { first: number; weights: Float64Array }[] => {
  const edges = Array.from({ length: MEL_BANDS + 2 }, (_, k) => {
    const point = mel(LOWEST_HZ) + ((mel(HIGHEST_HZ) - mel(LOWEST_HZ)) * k) / (MEL_BANDS + 1);
    return 700 * (10 ** (point / 2595) - 1);
  });
  const binHz = NET_SAMPLE_RATE / FFT_SIZE;
  return Array.from({ length: MEL_BANDS }, (_, band) => {
    const [low, centre, high] = edges.slice(band, band + 3);
    const first = Math.ceil(low / binHz);
    const last = Math.floor(high / binHz);
    const weights = Float64Array.from({ length: last - first + 1 }, (_, i) => {
      const hz = (first + i) * binHz;
      return Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre)));
    });
    return { first, weights };
  });
};

const BANDS = melFilters();
const HANN = Float64Array.from(
  { length: WINDOW },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (WINDOW - 1)),
);
const powerSpectrum = createPowerSpectrum(FFT_SIZE);
