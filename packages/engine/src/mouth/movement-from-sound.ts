import type { HeardSpeech } from '../speech/heard-speech.js';
import { breaths } from './breath.js';
import { openBetweenContacts } from './co-articulation.js';
import type { Contact } from './gestures.js';
import { widthOfLips } from './lip-width.js';
import type { MouthMovement } from './mouth-movement.js';
import { speechGate, speechSounds } from './speech-gate.js';
import { LEVEL_RATE } from './speech-level.js';
import { tongueRaise } from './tongue-raise.js';

/** A contact begins where its curve rises to the first and ends where it falls below the second. */
const CONTACT_ON = 0.5;
const CONTACT_OFF = 0.35;
/** Seconds. On nine people who talk freely the opening agrees by r 0.50 with it, at the speed of their lips; 0.48 without. */
const LIP_SIGMA = 0.04;
/** A closure heard as clearly as this needs no other proof: an m can be as loud as its vowels. */
const CERTAIN = 0.65;
/** Others must be at least so many dB quieter than the loudest moment around them. */
const CLOSURE_DIP = 3;
/** How far around a closure is looked for that moment, seconds. */
const DIP_SURROUNDINGS = 0.12;
/** A faint closure without a dip in loudness is a mistake: this much of it is kept. */
const DOUBTED = 0.5;

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

const scaled = (curve: Float32Array, rate: number, factors: Float32Array): Float32Array =>
  curve.map((value, i) => value * (factors[Math.floor((i * LEVEL_RATE) / rate)] ?? 0));

/**
 * The mouth of speech without known phones, from the curves that the speech net hears. Closures count where they are
 * clear or the sound dips; in silence, music, noise and breath the mouth rests.
 *
 * @param level the level of the speech from `speechLevel`: tells silence, and closed lips, which must be less loud
 */
export const movementFromSound = (
  heard: HeardSpeech,
  durationSeconds: number,
  level: Float32Array,
): MouthMovement => {
  const { rate } = heard;
  const gate = speechGate(heard, level);
  const closure = scaled(heard.closure, rate, gate);
  const labiodental = scaled(heard.labiodental, rate, gate);
  const closures = contacts(closure, rate);
  const sure = closures.filter((contact) => contact.clarity >= CERTAIN || dips(contact, level));
  for (const { start, end } of closures.filter((contact) => !sure.includes(contact))) {
    for (let i = Math.round(start * rate); i < end * rate; i++) closure[i] *= DOUBTED;
  }
  const breath = breaths(speechSounds(heard, gate), rate);
  const open = scaled(heard.lips, rate, gate).map((opening, i) => Math.min(1, opening + breath[i]));
  const curves = {
    rate,
    aperture: openBetweenContacts(open, { closure, labiodental }),
    width: scaled(widthOfLips(heard, heard.lips, rate), rate, gate),
    rounding: scaled(heard.rounding, rate, gate),
    closure,
    labiodental,
  };
  return {
    durationSeconds,
    curves,
    level,
    lipSigma: LIP_SIGMA,
    tongue: tongueRaise(heard),
    closures: sure,
    labiodentals: contacts(labiodental, rate),
  };
};
