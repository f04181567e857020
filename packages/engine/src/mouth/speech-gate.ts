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

/** When the net's word is taken that what sounds is speech. */
type Presence = {
  /** Standard deviation of the stretch over which it is asked, seconds. */
  readonly stretch: number;
  /** Below the first mean probability nobody speaks, above the second somebody does. */
  readonly present: readonly [number, number];
};
/** Tells where speech begins and ends. */
const HERE: Presence = { stretch: 0.2, present: [0.4, 0.55] };
/**
 * Tells music, of which moments sound like speech. Of the sounding moments of 51 clips of people who speak one in a hundred has
 * less than 0.5; the most of music, plucked strings, drums and breath is 0.47.
 */
const AROUND: Presence = { stretch: 0.5, present: [0.45, 0.55] };
/**
 * Whoever speaks is there so long before and after, seconds: first and last sounds are told less surely, the least surely long
 * loud vowels in a hall.
 */
const LASTING = 0.25;
const LASTING_LOUD = 0.45;
const LOUD = -8;

/**
 * The loudest moment within so many seconds, in dB relative to speech: below the first it is another voice in the background,
 * above the second the one that speaks here. Of 29 recordings of people one in a hundred moments has less than -9.
 */
const NEAR = 0.5;
const FOREGROUND: readonly [number, number] = [-13, -9];

/** Where a value lies between two, 0 to 1. */
const between = (value: number, [low, high]: readonly [number, number]): number =>
  Math.min(1, Math.max(0, (value - low) / (high - low)));

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

/** How far what sounds around each moment is speech, 0 to 1; silence has no say. */
const presenceOver = (
  { presence, rate }: HeardSpeech,
  sounds: Float32Array,
  { stretch, present }: Presence,
): Float32Array => {
  const reach = Math.ceil(2.5 * stretch * rate);
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-0.5 * ((k - reach) / rate / stretch) ** 2),
  );
  return presence.map((_, t) => {
    let speech = 0;
    let weight = 1e-6;
    for (let k = Math.max(0, t - reach); k <= Math.min(presence.length - 1, t + reach); k++) {
      const w = kernel[k - t + reach] * sounds[k];
      speech += w * presence[k];
      weight += w;
    }
    return between(speech / weight, present);
  });
};

/** The largest value within so many of one. */
const most = (curve: Float32Array, at: number, reach: number): number =>
  curve.subarray(Math.max(0, at - reach), at + reach + 1).reduce((a, b) => Math.max(a, b));

/** How far somebody speaks, 0 to 1, at the net's rate. */
const speechPresence = (heard: HeardSpeech, level: Float32Array): Float32Array => {
  const { presence, rate } = heard;
  const threshold = silenceLevel(level);
  const levels = presence.map((_, t) => level[Math.floor((t * LEVEL_RATE) / rate)] ?? 0);
  const sounds = levels.map((value) => (value < threshold ? 0 : 1));
  const here = presenceOver(heard, sounds, HERE);
  const around = presenceOver(heard, sounds, AROUND);
  return presence.map((_, t) => {
    const lasting = Math.round((levels[t] > LOUD ? LASTING_LOUD : LASTING) * rate);
    return Math.min(most(here, t, lasting), most(around, t, lasting));
  });
};

/** Sounds of speech are heard in the mean over this time. Seconds. */
const SOUND = 0.08;
/** No word is shorter. Seconds. */
const SHORTEST_WORD = 0.12;

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
    if (t - start < SHORTEST_WORD * rate) sounds.fill(0, start, t);
    start = t + 1;
  }
  return sounds;
};

/**
 * 1 where somebody speaks; 0 in longer silences and where all that sounds is music, noise, breath or a voice in the background;
 * at {@link LEVEL_RATE}.
 */
export const speechGate = (heard: HeardSpeech, level: Float32Array): Float32Array => {
  const present = speechPresence(heard, level);
  return soundGate(level).map((gate, i) => {
    const speaks = present[Math.floor((i * heard.rate) / LEVEL_RATE)] ?? present.at(-1) ?? 0;
    return gate * speaks * between(most(level, i, NEAR * LEVEL_RATE), FOREGROUND);
  });
};
