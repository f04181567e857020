import type { HeardSpeech } from '../speech/heard-speech.js';
import type { Phone } from '../speech/phone.js';
import { breaths } from './breath.js';
import { coarticulate, openBetweenContacts } from './co-articulation.js';
import { type Gesture, labiodentalContacts, lipClosures, speechGestures } from './gestures.js';
import { widthOfLips } from './lip-width.js';
import type { MouthMovement } from './mouth-movement.js';
import { LEVEL_RATE, opennessFromLevel } from './speech-level.js';
import { tongueRaise } from './tongue-raise.js';

/**
 * How far the mouth opens: so much of what is heard and so much of the phones' jaw. Phones alone open every "a" alike; the
 * sound tells stressed from reduced ones. Ridge regression on the tracked lips of 42 sentences of 11 speakers of GRID; on
 * speakers left out the opening agrees by r 0.78 (dominance and equal shares: 0.72).
 */
const HEARD_SHARE = 0.7;
const JAW_SHARE = 0.75;
/** Lips that are not pressed together stay so far apart while there is a sound, also for u. */
const LEAST_OPENING = 0.06;
/**
 * Gestures move as fast as lips do; this takes off what the heard half flutters. Seconds. On three sentences of GRID the
 * opening agrees with the filmed lips by r 0.70 at 0.79 of their speed; with 0.04 by 0.68 at 0.63.
 */
const LIP_SIGMA = 0.015;

/** The value of a curve at a time, between its neighbours. */
const valueAt = (curve: Float32Array, rate: number, seconds: number): number => {
  const at = Math.min(curve.length - 1, Math.max(0, seconds * rate - 0.5));
  const below = Math.floor(at);
  const above = Math.min(curve.length - 1, below + 1);
  return curve.length === 0 ? 0 : curve[below] + (curve[above] - curve[below]) * (at - below);
};

/**
 * The mouth of speech whose phones are known in time. They decide closures, the lips' shape and when it moves; how far it
 * opens they decide together with the sound. Rest (0) in pauses, but for the breath before speech.
 *
 * @param heard what the speech net hears in the same speech
 * @param level the level of the speech from `speechLevel`: quieter stretches move the mouth less
 */
export const movementFromPhones = (
  phones: readonly Phone[],
  heard: HeardSpeech,
  durationSeconds: number,
  level: Float32Array,
): MouthMovement => {
  const gestures = speechGestures(phones, durationSeconds);
  const { curves, jaw, activity } = coarticulate(gestures, durationSeconds);
  const openness = opennessFromLevel(level);
  const breath = breaths(speaking(gestures, jaw.length, curves.rate), curves.rate);
  const lips = jaw.map((_, i) => valueAt(heard.lips, heard.rate, (i + 0.5) / curves.rate));
  const open = jaw.map((ofPhones, i) => {
    const seconds = (i + 0.5) / curves.rate;
    const opening =
      Math.max(LEAST_OPENING, HEARD_SHARE * lips[i] + JAW_SHARE * ofPhones) * awake(activity[i]);
    return Math.min(1, opening * (openness[Math.floor(seconds * LEVEL_RATE)] ?? 1) + breath[i]);
  });
  return {
    durationSeconds,
    curves: {
      ...curves,
      aperture: openBetweenContacts(open, curves),
      width: widthOfLips(curves, lips, curves.rate).map((width, i) => width * awake(activity[i])),
    },
    level,
    lipSigma: LIP_SIGMA,
    tongue: tongueRaise(heard),
    closures: lipClosures(gestures),
    labiodentals: labiodentalContacts(gestures),
  };
};

/** 0 at rest, 1 at sounds and close to them. */
const awake = (activity: number): number => Math.min(1, 2 * activity);

/** 1 while there is a sound. */
const speaking = (gestures: readonly Gesture[], length: number, rate: number): Float32Array => {
  const curve = new Float32Array(length);
  for (const { start, end, silent } of gestures)
    if (silent !== true) curve.fill(1, Math.round(start * rate), Math.round(end * rate));
  return curve;
};
