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

/** Length of the pieces in which a limiter turns down single peaks. */
const LIMITER_SECONDS = 0.005;

/** Turns down, around each peak above the ceiling, what is too loud: from piece to piece the gain goes in a straight line. */
const limitPeaks = (samples: Float32Array, sampleRate: number): void => {
  const piece = Math.max(1, Math.round(LIMITER_SECONDS * sampleRate));
  const gains = Array.from({ length: Math.ceil(samples.length / piece) }, (_, index) => {
    const peak = samples
      .subarray(index * piece, (index + 1) * piece)
      .reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return Math.min(1, CEILING / Math.max(CEILING, peak));
  });
  // At the border of two pieces, the smaller gain of both.
  const atBorder = (index: number): number => Math.min(gains[index - 1] ?? 1, gains[index] ?? 1);
  for (let index = 0; index < gains.length; index++) {
    const [from, to] = [atBorder(index), atBorder(index + 1)];
    const end = Math.min(samples.length, (index + 1) * piece);
    for (let at = index * piece; at < end; at++) {
      const line = from + ((to - from) * (at - index * piece)) / piece;
      samples[at] *= Math.min(line, gains[index]);
    }
  }
};

/** Brings speech to the common loudness in place, so that voices sound equally loud and none clips. Silence stays. */
export const normaliseLoudness = (samples: Float32Array, sampleRate: number): void => {
  const rms = speechRms(samples, sampleRate);
  if (rms === 0) return;
  const gain = TARGET_RMS / rms;
  for (let i = 0; i < samples.length; i++) samples[i] *= gain;
  limitPeaks(samples, sampleRate);
};
