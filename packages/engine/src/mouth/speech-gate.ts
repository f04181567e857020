import type { HeardSpeech } from '../speech/heard-speech.js';
import { SILENCE_CLASS, SPEECH_CLASSES } from '../speech/speech-classes.js';
import { LEVEL_RATE } from './speech-level.js';

/** Quieter than this, in dB relative to speech, nobody speaks. */
const SILENCE_LEVEL = -28;
/** In a noisy recording silence is what is so many dB above its floor, but never as loud as {@link NOISY_LIMIT}. */
const ABOVE_FLOOR = 3;
const NOISY_LIMIT = -18;
/** Silence that lasts longer brings the mouth to rest. Shorter ones are closures and hesitations. */
const REST_SILENCE = 0.15;
/** The mouth comes to rest within this time after the last sound and wakes up as long before the next. */
const FADE = 0.1;

/** Standard deviation of the stretch over which the net is asked whether somebody speaks, seconds. */
const PRESENCE = 0.2;
/** Below the first probability nobody speaks, above the second somebody does. */
const PRESENT: readonly [number, number] = [0.4, 0.55];
/** Whoever speaks is there so long before and after, seconds: first and last sounds are told less surely. */
const LASTING = 0.25;

const silenceLevel = (level: Float32Array): number => {
  const floor = level.toSorted()[Math.floor(0.05 * (level.length - 1))];
  return Math.min(NOISY_LIMIT, Math.max(SILENCE_LEVEL, floor + ABOVE_FLOOR));
};

/** 1 where there is sound, 0 in longer silences, with fades that lie within the silence; at {@link LEVEL_RATE}. */
const soundGate = (level: Float32Array): Float32Array => {
  const gate = new Float32Array(level.length).fill(1);
  const threshold = silenceLevel(level);
  let start = 0;
  for (let i = 0; i <= level.length; i++) {
    if (i < level.length && level[i] < threshold) continue;
    if (i - start > REST_SILENCE * LEVEL_RATE) {
      for (let j = start; j < i; j++) {
        const after = start === 0 ? 1 : (j + 0.5 - start) / (FADE * LEVEL_RATE);
        const before = i === level.length ? 1 : (i - j - 0.5) / (FADE * LEVEL_RATE);
        gate[j] = Math.max(0, 1 - Math.min(after, before, 1));
      }
    }
    start = i + 1;
  }
  return gate;
};

/** How far what sounds around each frame is speech, 0 to 1. */
const presenceAround = ({ presence, rate }: HeardSpeech): Float32Array => {
  const reach = Math.ceil(2.5 * PRESENCE * rate);
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-0.5 * ((k - reach) / rate / PRESENCE) ** 2),
  );
  const around = presence.map((_, t) => {
    let speech = 0;
    let weight = 0;
    for (let k = Math.max(0, t - reach); k <= Math.min(presence.length - 1, t + reach); k++) {
      const w = kernel[k - t + reach];
      speech += w * presence[k];
      weight += w;
    }
    return speech / weight;
  });
  const lasting = Math.round(LASTING * rate);
  return around.map((_, t) => {
    const most = around.subarray(Math.max(0, t - lasting), t + lasting + 1).reduce((a, b) => Math.max(a, b));
    return Math.min(1, Math.max(0, (most - PRESENT[0]) / (PRESENT[1] - PRESENT[0])));
  });
};

/** Sounds of speech are heard in the mean over this time, and last at least as long. Seconds. */
const SOUND = 0.08;

/**
 * 1 during sounds of speech, as the net hears them, 0 between them; at its rate. First and last sounds are found within
 * 0.02 s in nine of ten sentences of GRID, where loudness is early by 0.3 s.
 *
 * @param gate from {@link speechGate}
 */
export const speechSounds = (
  { posteriors, rate, frameCount }: HeardSpeech,
  gate: Float32Array,
): Float32Array => {
  const sounding = new Float32Array(frameCount + 1);
  for (let t = 0; t < frameCount; t++) {
    const open = gate[Math.floor((t * LEVEL_RATE) / rate)] ?? 0;
    sounding[t + 1] = sounding[t] + (1 - posteriors[t * SPEECH_CLASSES.length + SILENCE_CLASS]) * open;
  }
  const half = Math.round((SOUND * rate) / 2);
  const sounds = Float32Array.from({ length: frameCount }, (_, t) => {
    const [first, last] = [Math.max(0, t - half), Math.min(frameCount, t + half + 1)];
    return sounding[last] - sounding[first] > 0.5 * (last - first) ? 1 : 0;
  });
  for (let t = 0, start = 0; t <= frameCount; t++) {
    if (sounds[t] === 1) continue;
    if (t - start < SOUND * rate) sounds.fill(0, start, t);
    start = t + 1;
  }
  return sounds;
};

/** 1 where somebody speaks; 0 in longer silences and where all that sounds is music, noise or breath; at {@link LEVEL_RATE}. */
export const speechGate = (heard: HeardSpeech, level: Float32Array): Float32Array => {
  const present = presenceAround(heard);
  return soundGate(level).map(
    (gate, i) => gate * (present[Math.floor((i * heard.rate) / LEVEL_RATE)] ?? present.at(-1) ?? 0),
  );
};
