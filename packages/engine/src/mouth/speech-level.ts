/** Values per second of a level curve. */
export const LEVEL_RATE = 100;

/** Window of one level value. */
const WINDOW_SECONDS = 0.025;
/** Speech is what comes within so many dB of the loudest. */
const SPEECH_RANGE = 25;
/** A recording whose speech would be quieter than this holds none. dB of full scale. */
const QUIETEST_SPEECH = -50;
const FLOOR = -100;

/** The mean level of the values that are speech, dB. */
const speechReference = (levels: Float32Array): number => {
  const sorted = levels.toSorted();
  const loudest = sorted[Math.floor(0.98 * (sorted.length - 1))] ?? FLOOR;
  const speech = sorted.filter((level) => level > loudest - SPEECH_RANGE);
  const power = speech.reduce((sum, level) => sum + 10 ** (level / 10), 0) / Math.max(1, speech.length);
  return Math.max(QUIETEST_SPEECH, 10 * Math.log10(power + 1e-10));
};

/**
 * How loud a recording is from moment to moment: dB relative to the mean level of its speech, at {@link LEVEL_RATE}
 * per second, value `i` for the time (i + 0.5) / 100.
 */
export const speechLevel = (samples: Float32Array, sampleRate: number): Float32Array => {
  const length = Math.max(1, Math.ceil((samples.length / sampleRate) * LEVEL_RATE));
  const half = (WINDOW_SECONDS * sampleRate) / 2;
  const levels = Float32Array.from({ length }, (_, i) => {
    const centre = ((i + 0.5) / LEVEL_RATE) * sampleRate;
    const first = Math.max(0, Math.round(centre - half));
    const last = Math.min(samples.length, Math.round(centre + half));
    let energy = 0;
    for (let j = first; j < last; j++) energy += samples[j] * samples[j];
    return Math.max(FLOOR, 10 * Math.log10(energy / Math.max(1, last - first) + 1e-10));
  });
  const reference = speechReference(levels);
  return levels.map((level) => level - reference);
};

/** Standard deviation of the smoothing that leaves the loudness of phrases, seconds. That of syllables is in what the net hears. */
const PHRASE = 0.5;
const QUIETEST = -12;
const LOUDEST = 6;
/** So many dB double the movement. Real lips hardly follow the loudness of syllables; quiet phrases are smaller speech. */
const DOUBLING = 40;

/**
 * Factors for the aperture from a level curve: quiet phrases open the mouth less, loud ones more (after JALI,
 * Edwards et al. 2016), 0.81 to 1.11.
 */
export const opennessFromLevel = (level: Float32Array): Float32Array => {
  const reach = Math.ceil(2.5 * PHRASE * LEVEL_RATE);
  return level.map((_, i) => {
    let power = 0;
    let weight = 0;
    for (let j = Math.max(0, i - reach); j <= Math.min(level.length - 1, i + reach); j++) {
      const w = Math.exp(-0.5 * ((j - i) / LEVEL_RATE / PHRASE) ** 2);
      power += w * 10 ** (level[j] / 10);
      weight += w;
    }
    const loudness = Math.min(LOUDEST, Math.max(QUIETEST, 10 * Math.log10(power / weight + 1e-10)));
    return 2 ** (loudness / DOUBLING);
  });
};
