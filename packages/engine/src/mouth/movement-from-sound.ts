import type { MouthCurves } from '../speech/mouth-curves.js';
import type { Contact } from './gestures.js';
import type { MouthMovement } from './mouth-movement.js';
import { LEVEL_RATE, opennessFromLevel } from './speech-level.js';

/** A contact begins where its curve rises to the first and ends where it falls below the second. */
const CONTACT_ON = 0.5;
const CONTACT_OFF = 0.35;
/** A closure heard as clearly as this needs no other proof: an m can be as loud as its vowels. */
const CERTAIN = 0.65;
/** Others must be at least so many dB quieter than the loudest moment around them. */
const CLOSURE_DIP = 3;
/** How far around a closure is looked for that moment, seconds. */
const DIP_SURROUNDINGS = 0.12;
/** A faint closure without a dip in loudness is a mistake: this much of it is kept. */
const DOUBTED = 0.5;

/** Quieter than this, in dB relative to speech, nobody speaks. */
const SILENCE_LEVEL = -28;
/** In a noisy recording silence is what is so many dB above its floor, but never as loud as {@link NOISY_LIMIT}. */
const ABOVE_FLOOR = 3;
const NOISY_LIMIT = -18;
/** Silence that lasts longer brings the mouth to rest. Shorter ones are closures and hesitations. */
const REST_SILENCE = 0.15;
/** The mouth comes to rest within this time after the last sound and wakes up as long before the next. */
const FADE = 0.1;

/** A contact with the highest value of its curve. */
type HeardContact = Contact & { readonly clarity: number };

/** Stretches where the curve is up, with hysteresis. Seconds. */
const contacts = (curve: Float32Array, rate: number): readonly HeardContact[] => {
  const found: HeardContact[] = [];
  let start = -1;
  let clarity = 0;
  for (let i = 0; i <= curve.length; i++) {
    const value = i < curve.length ? curve[i] : 0;
    if (start < 0 && value >= CONTACT_ON) start = i;
    if (start >= 0) clarity = Math.max(clarity, value);
    if (start >= 0 && value < CONTACT_OFF) {
      found.push({ start: start / rate, end: i / rate, clarity });
      start = -1;
      clarity = 0;
    }
  }
  return found;
};

/** Whether the sound is quieter during a closure than around it. */
const dips = ({ start, end }: Contact, level: Float32Array): boolean => {
  const at = (seconds: number): number =>
    Math.min(level.length, Math.max(0, Math.round(seconds * LEVEL_RATE)));
  const inside = level.subarray(at(start), Math.max(at(start) + 1, at(end)));
  const around = level.subarray(at(start - DIP_SURROUNDINGS), at(end + DIP_SURROUNDINGS));
  const loudest = around.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const quietest = inside.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  return loudest - quietest >= CLOSURE_DIP;
};

const silenceLevel = (level: Float32Array): number => {
  const floor = level.toSorted()[Math.floor(0.05 * (level.length - 1))];
  return Math.min(NOISY_LIMIT, Math.max(SILENCE_LEVEL, floor + ABOVE_FLOOR));
};

/** 1 where there is speech, 0 in longer silences, with fades that lie within the silence; at {@link LEVEL_RATE}. */
const speechGate = (level: Float32Array): Float32Array => {
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

const scaled = (curve: Float32Array, rate: number, factors: Float32Array): Float32Array =>
  curve.map((value, i) => value * (factors[Math.floor((i * LEVEL_RATE) / rate)] ?? 0));

/**
 * The mouth of speech without known phones, from the curves that the speech net hears. Closures count where they are
 * clear or the sound dips; in silence the mouth rests.
 *
 * @param level the level of the speech from `speechLevel`: tells silence, and closed lips, which must be less loud
 */
export const movementFromSound = (
  heard: MouthCurves,
  durationSeconds: number,
  level: Float32Array,
): MouthMovement => {
  const { rate } = heard;
  const gate = speechGate(level);
  const openness = opennessFromLevel(level);
  const closure = scaled(heard.closure, rate, gate);
  const labiodental = scaled(heard.labiodental, rate, gate);
  const closures = contacts(closure, rate);
  const sure = closures.filter((contact) => contact.clarity >= CERTAIN || dips(contact, level));
  for (const { start, end } of closures.filter((contact) => !sure.includes(contact))) {
    for (let i = Math.round(start * rate); i < end * rate; i++) closure[i] *= DOUBTED;
  }
  const aperture = scaled(
    heard.aperture,
    rate,
    gate.map((value, i) => value * openness[i]),
  ).map((value) => Math.min(1, value));
  const curves = {
    rate,
    aperture,
    width: scaled(heard.width, rate, gate),
    rounding: scaled(heard.rounding, rate, gate),
    closure,
    labiodental,
  };
  return { durationSeconds, curves, level, closures: sure, labiodentals: contacts(labiodental, rate) };
};
