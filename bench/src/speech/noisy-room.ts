const SAMPLE_RATE = 16_000;

/** The echo falls by 60 dB in this time. */
const REVERBERATION_SECONDS = 0.4;
/** Energy of the echo beside that of the direct sound. */
const ECHO_ENERGY = 0.25;
const ECHOES = 600;
const SIGNAL_TO_NOISE_DB = 15;

/** Speech as a cheap microphone hears it across a room: sparse random echoes, then noise with more bass than treble. */
export const inNoisyRoom = (samples: Float32Array, seed: number): Float32Array => {
  const random = generator(seed);
  const heard = samples.slice();
  const length = REVERBERATION_SECONDS * SAMPLE_RATE;
  const echoes = Array.from({ length: ECHOES }, (_, k) => {
    const delay = Math.floor(((k + random()) * length) / ECHOES) + 1;
    return { delay, gain: (random() < 0.5 ? -1 : 1) * 10 ** ((-3 * delay) / length) };
  });
  const energy = echoes.reduce((sum, { gain }) => sum + gain * gain, 0);
  const scale = Math.sqrt(ECHO_ENERGY / energy);
  for (const { delay, gain } of echoes) {
    for (let i = delay; i < heard.length; i++) heard[i] += scale * gain * samples[i - delay];
  }
  return withNoise(heard, random);
};

const withNoise = (samples: Float32Array, random: () => number): Float32Array => {
  const noise = new Float32Array(samples.length);
  let last = 0;
  for (let i = 0; i < noise.length; i++) {
    last = 0.9 * last + (random() + random() + random() + random() - 2);
    noise[i] = last;
  }
  const power = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
  const gain = Math.sqrt(power(samples) / power(noise)) * 10 ** (-SIGNAL_TO_NOISE_DB / 20);
  return samples.map((sample, i) => sample + gain * noise[i]);
};

/** Uniform numbers from 0 to 1, the same for the same seed (mulberry32). */
const generator = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};
