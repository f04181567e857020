import { logMel, MEL_BANDS } from '#engine/internals';
import type { HeardMouth } from './scores.js';

const LOWEST_HZ = 60;
const HIGHEST_HZ = 7600;

const mel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);

const BAND_HZ = Array.from({ length: MEL_BANDS }, (_, band) => {
  const point = mel(LOWEST_HZ) + ((mel(HIGHEST_HZ) - mel(LOWEST_HZ)) * (band + 1)) / (MEL_BANDS + 1);
  return 700 * (10 ** (point / 2595) - 1);
});

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** Logarithm of the power between two frequencies, frame by frame. */
const bandLevel = (spectrum: Float32Array, fromHz: number, toHz: number): Float32Array =>
  Float32Array.from({ length: spectrum.length / MEL_BANDS }, (_, t) => {
    let power = 1e-6;
    BAND_HZ.forEach((hz, band) => {
      if (hz >= fromHz && hz < toHz) power += Math.exp(spectrum[t * MEL_BANDS + band]);
    });
    return Math.log(power);
  });

/** 0 at the quietest tenth (or `range` below the loudest), 1 at the loudest twentieth. */
const scaled = (level: Float32Array, range: number): Float32Array => {
  const sorted = level.toSorted();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))];
  const high = at(0.95);
  const low = Math.max(at(0.1), high - range);
  return level.map((value) => clamp((value - low) / (high - low + 1e-6)));
};

const smoothed = (curve: Float32Array, sigma: number): Float32Array => {
  const reach = Math.ceil(3 * sigma);
  return curve.map((_, t) => {
    let sum = 0;
    let weight = 0;
    for (let i = Math.max(0, t - reach); i <= Math.min(curve.length - 1, t + reach); i++) {
      const w = Math.exp(-0.5 * ((i - t) / sigma) ** 2);
      sum += w * curve[i];
      weight += w;
    }
    return sum / weight;
  });
};

/** Louder is opener; a dip within speech is a closure. */
export const rmsEnvelope = (samples: Float32Array): HeardMouth => {
  const loudness = scaled(bandLevel(logMel(samples), LOWEST_HZ, HIGHEST_HZ), 5);
  const around = smoothed(loudness, 8);
  return {
    aperture: smoothed(loudness, 3),
    rounding: new Float32Array(loudness.length),
    closure: loudness.map((value, t) => (around[t] > 0.35 ? 1 - value : 0)),
  };
};

/** First formant region for opening, second against first for rounding, treble for hiss; as browser demos do. */
export const bandEnergies = (samples: Float32Array): HeardMouth => {
  const spectrum = logMel(samples);
  const voice = scaled(bandLevel(spectrum, 100, 4000), 6);
  const open = scaled(bandLevel(spectrum, 550, 1200), 6);
  const middle = scaled(bandLevel(spectrum, 500, 4000), 6);
  const [front, back] = [bandLevel(spectrum, 1700, 2800), bandLevel(spectrum, 700, 1400)];
  const [treble, body] = [bandLevel(spectrum, 3500, HIGHEST_HZ), bandLevel(spectrum, 200, 3000)];
  const hiss = treble.map((level, t) => clamp((level - body[t] + 0.5) / 2));
  const fronted = front.map((level, t) => clamp((level - back[t] + 2) / 6));
  const around = smoothed(middle, 8);
  return {
    aperture: smoothed(
      open.map((value, t) => clamp(0.75 * value + 0.25 * voice[t]) * (1 - 0.8 * hiss[t])),
      3,
    ),
    rounding: smoothed(
      fronted.map((value, t) => clamp(1 - 1.3 * value) * (1 - 0.5 * open[t]) * voice[t] * (1 - hiss[t])),
      5,
    ),
    closure: middle.map((value, t) => (around[t] > 0.3 ? (1 - value) * (1 - hiss[t]) : 0)),
  };
};
