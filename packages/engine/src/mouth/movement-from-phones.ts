import type { HeardSpeech } from '../speech/heard-speech.js';
import type { Phone } from '../speech/phone.js';
import { coarticulate, openBetweenContacts } from './co-articulation.js';
import { labiodentalContacts, lipClosures, speechGestures } from './gestures.js';
import type { MouthMovement } from './mouth-movement.js';
import { speechGate } from './speech-gate.js';
import { LEVEL_RATE, opennessFromLevel } from './speech-level.js';
import { tongueRaise } from './tongue-raise.js';

/**
 * Share of the phones in how far the mouth opens; the rest is what is heard. Phones alone open every "a" alike; the sound
 * tells stressed from reduced ones. Between 0.4 and 0.7 the agreement with GRID's speakers is the same within 0.005.
 */
const PHONE_SHARE = 0.5;

/**
 * Gestures move as fast as lips do; this takes off what the heard half flutters. Seconds. On three speakers of GRID the
 * agreement with the filmed lips is 0.634 with it, and 0.613 with 0.04, at 0.75 and 0.58 of their speed.
 */
const LIP_SIGMA = 0.015;

/** Shortly before and after speech, where there is sound, people move their lips too: breathing in, closing. Seconds. */
const AROUND_SPEECH = 0.25;

/** 1 within {@link AROUND_SPEECH} of a moment that is 1 in a curve. */
const around = (curve: Float32Array, rate: number): Float32Array => {
  const reach = Math.round(AROUND_SPEECH * rate);
  let since = Number.POSITIVE_INFINITY;
  const marked = new Float32Array(curve.length);
  for (let i = 0; i < 2 * curve.length; i++) {
    // There and back again.
    const at = i < curve.length ? i : 2 * curve.length - 1 - i;
    if (i === curve.length) since = Number.POSITIVE_INFINITY;
    since = curve[at] > 0.5 ? 0 : since + 1;
    if (since <= reach) marked[at] = Math.max(marked[at], 1 - since / (reach + 1));
  }
  return marked.map((value) => Math.min(1, 3 * value));
};

/** The value of a curve at a time, between its neighbours. */
const valueAt = (curve: Float32Array, rate: number, seconds: number): number => {
  const at = Math.min(curve.length - 1, Math.max(0, seconds * rate - 0.5));
  const below = Math.floor(at);
  const above = Math.min(curve.length - 1, below + 1);
  return curve.length === 0 ? 0 : curve[below] + (curve[above] - curve[below]) * (at - below);
};

/**
 * The mouth of speech whose phones are known in time. They decide closures, the lips' shape and when it moves; how far it
 * opens they decide together with the sound. Rest (0) where there is no phone for more than 0.15 s.
 *
 * @param heard what the speech net hears in the same speech
 * @param level the level of the speech from `speechLevel`: quiet syllables move the mouth less
 */
export const movementFromPhones = (
  phones: readonly Phone[],
  heard: HeardSpeech,
  durationSeconds: number,
  level: Float32Array,
): MouthMovement => {
  const gestures = speechGestures(phones, durationSeconds);
  const { curves, activity } = coarticulate(gestures, durationSeconds);
  const openness = opennessFromLevel(level);
  const gate = speechGate(heard, level);
  const nearSpeech = around(activity, curves.rate);
  const open = curves.aperture.map((ofPhones, i) => {
    const seconds = (i + 0.5) / curves.rate;
    const awake = nearSpeech[i] * valueAt(gate, LEVEL_RATE, seconds);
    const ofSound = valueAt(heard.lips, heard.rate, seconds) * Math.max(activity[i], awake);
    const share = PHONE_SHARE * activity[i];
    const opening = PHONE_SHARE * ofPhones + (1 - share) * ofSound;
    return Math.min(1, opening * (openness[Math.floor(seconds * LEVEL_RATE)] ?? 1));
  });
  return {
    durationSeconds,
    curves: { ...curves, aperture: openBetweenContacts(open, curves) },
    level,
    lipSigma: LIP_SIGMA,
    tongue: tongueRaise(heard),
    closures: lipClosures(gestures),
    labiodentals: labiodentalContacts(gestures),
  };
};
