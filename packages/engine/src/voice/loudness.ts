/** The level that speech is brought to, root mean square of its loud parts: -18 dB of full scale. */
const TARGET_RMS = 0.126;
/** No sample is louder than this: -1 dB of full scale. */
const CEILING = 0.891;
/** Length of the pieces that are measured. */
const PIECE_SECONDS = 0.02;

/** Root mean square of the pieces that are speech: those less than 25 dB below the loudest. */
const speechRms = (samples: Float32Array, sampleRate: number): number => {
  const piece = Math.max(1, Math.round(PIECE_SECONDS * sampleRate));
  const powers: number[] = [];
  for (let from = 0; from + piece <= samples.length; from += piece) {
    let energy = 0;
    for (let i = from; i < from + piece; i++) energy += samples[i] ** 2;
    powers.push(energy / piece);
  }
  const loudest = powers.reduce((most, power) => Math.max(most, power), 0);
  const speech = powers.filter((power) => power > loudest * 10 ** -2.5);
  return Math.sqrt(speech.reduce((sum, power) => sum + power, 0) / Math.max(1, speech.length));
};

/** Brings speech to the common loudness in place, so that voices sound equally loud and none clips. Silence stays. */
export const normaliseLoudness = (samples: Float32Array, sampleRate: number): void => {
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const rms = speechRms(samples, sampleRate);
  if (peak === 0 || rms === 0) return;
  const gain = Math.min(TARGET_RMS / rms, CEILING / peak);
  for (let i = 0; i < samples.length; i++) samples[i] *= gain;
};
