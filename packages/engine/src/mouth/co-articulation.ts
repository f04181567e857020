import type { MouthCurves } from '../speech/mouth-curves.js';
import type { Phone } from '../speech/phone.js';
import { type Contact, type Gesture, labiodentalContacts, lipClosures, speechGestures } from './gestures.js';
import { followed, type Inertia } from './inertia.js';

/**
 * Reach of a gesture into the time before it and after it: standard deviations of a Gaussian, seconds. Lips round up
 * to four consonants ahead (Daniloff and Moll 1968) and let go sooner.
 */
type Reach = { readonly ahead: number; readonly behind: number };

/** Fitted to the tracked lips of GRID's speakers, as were the dominances of vowels and consonants. */
const JAW_REACH: Reach = { ahead: 0.025, behind: 0.04 };
const LIP_REACH: Reach = { ahead: 0.07, behind: 0.045 };

/** Median length of the sounds in speech at which those reaches hold; in faster speech the mouth moves faster. */
const USUAL_SOUND = 0.08;
/** A mouth moves at most this much faster; beyond, it undershoots: movements become smaller (Lindblom 1963). */
const FASTEST = 0.75;

/** Speaking rate: factor on the reaches, 1 at the usual rate or slower, less in faster speech. */
const rateFactor = (gestures: readonly Gesture[]): number => {
  const lengths = gestures
    .filter(({ jawDominance }) => jawDominance >= 0.3)
    .map(({ start, end }) => end - start);
  const median = lengths.toSorted((a, b) => a - b)[lengths.length >> 1] ?? USUAL_SOUND;
  return Math.min(1, Math.max(FASTEST, median / USUAL_SOUND));
};

const faster = ({ ahead, behind }: Reach, factor: number): Reach => ({
  ahead: ahead * factor,
  behind: behind * factor,
});

/**
 * In what is shown the jaw has inertia, less in faster speech, and so undershoots when sounds are short. It agrees with the lips of 11 speakers of GRID
 * better than dominance does.
 */
const JAW: Inertia = { delay: 0.03, smoothing: 0.06 };
/** What sounds are opener than this opens the jaw; others close it. Fitted likewise. */
const NEUTRAL_APERTURE = 0.18;

/** How long lips take to a contact and from it, seconds. */
type Ramps = { readonly closing: number; readonly opening: number };

/** Lips meet at near peak velocity (Löfqvist and Gracco 1997) and part fast at first, then slow down. */
const LIPS: Ramps = { closing: 0.04, opening: 0.06 };
const LIP_ON_TEETH: Ramps = { closing: 0.05, opening: 0.05 };
/** Contacts as sharp in time as sound tells them. */
const HEARD: Ramps = { closing: 0.02, opening: 0.02 };

/** What stays open while the lower lip touches the teeth. */
const LABIODENTAL_APERTURE = 0.1;

/** Rate at which gestures blend, per second. */
const BLEND_RATE = 200;

/** The dominance-weighted mean of the targets around each moment (Cohen and Massaro 1993, Gaussian dominance). */
const blended = (target: Float32Array, dominance: Float32Array, reach: Reach): Float32Array => {
  const ahead = Math.ceil(4 * reach.ahead * BLEND_RATE);
  const behind = Math.ceil(4 * reach.behind * BLEND_RATE);
  const weights = new Float64Array(ahead + behind + 1);
  for (let lag = -behind; lag <= ahead; lag++) {
    const deviations = lag / BLEND_RATE / (lag > 0 ? reach.ahead : reach.behind);
    weights[lag + behind] = Math.exp(-0.5 * deviations * deviations);
  }
  const result = new Float32Array(target.length);
  for (let i = 0; i < target.length; i++) {
    let sum = 0;
    let weight = 0;
    const last = Math.min(target.length - 1, i + ahead);
    for (let j = Math.max(0, i - behind); j <= last; j++) {
      const w = weights[j - i + behind] * dominance[j];
      sum += w * target[j];
      weight += w;
    }
    result[i] = weight > 0 ? sum / weight : 0;
  }
  return result;
};

/** 1 during each contact, with a ramp before that ends in full speed at the contact and one after it that slows down. */
const contactCurve = (
  contacts: readonly Contact[],
  length: number,
  { closing, opening }: Ramps,
): Float32Array => {
  const curve = new Float32Array(length);
  for (const { start, end } of contacts) {
    const first = Math.max(0, Math.floor((start - closing) * BLEND_RATE));
    const last = Math.min(length - 1, Math.ceil((end + opening) * BLEND_RATE));
    for (let i = first; i <= last; i++) {
      const time = (i + 0.5) / BLEND_RATE;
      const before = Math.max(0, start - time) / closing;
      const after = Math.max(0, time - end) / opening;
      const value = before > 0 ? 1 - Math.min(1, before) ** 1.5 : (1 - Math.min(1, after)) ** 2;
      curve[i] = Math.max(curve[i], value);
    }
  }
  return curve;
};

/** Every value of the gestures in time, before blending. */
const painted = (
  gestures: readonly Gesture[],
  length: number,
  pick: (gesture: Gesture) => number,
): Float32Array => {
  const curve = new Float32Array(length);
  for (const gesture of gestures) {
    const first = Math.max(0, Math.round(gesture.start * BLEND_RATE));
    curve.fill(pick(gesture), first, Math.max(first + 1, Math.round(gesture.end * BLEND_RATE)));
  }
  return curve;
};

/** How far the sounds around each moment open or close the jaw. */
const jawOf = (gestures: readonly Gesture[], length: number): Float32Array => {
  const target = painted(gestures, length, ({ aperture, silent }) =>
    silent === true ? aperture : aperture - NEUTRAL_APERTURE,
  );
  const factor = rateFactor(gestures);
  return followed(target, BLEND_RATE, { delay: JAW.delay * factor, smoothing: JAW.smoothing * factor });
};

/** The co-articulated mouth of a speech, {@link BLEND_RATE} values per second. */
export type Coarticulation = {
  /** The opening is that between contacts: closed lips have yet to close it. */
  readonly curves: MouthCurves;
  /** How far the sounds open or close the jaw, which is heavier than the rule for `curves` says. */
  readonly jaw: Float32Array;
  /** How far the mouth is at something else than rest, 0 to 1. */
  readonly activity: Float32Array;
};

const blend = (
  gestures: readonly Gesture[],
  durationSeconds: number,
  lipRamps: Ramps,
  toothRamps: Ramps,
): Coarticulation => {
  const length = Math.max(1, Math.ceil(durationSeconds * BLEND_RATE));
  const jawReach = faster(JAW_REACH, rateFactor(gestures));
  const lipReach = faster(LIP_REACH, rateFactor(gestures));
  const jaw = painted(gestures, length, (gesture) => gesture.jawDominance);
  const lips = painted(gestures, length, (gesture) => gesture.lipDominance);
  const movedByJaw = (pick: (gesture: Gesture) => number): Float32Array =>
    blended(painted(gestures, length, pick), jaw, jawReach);
  const movedByLips = (pick: (gesture: Gesture) => number): Float32Array =>
    blended(painted(gestures, length, pick), lips, lipReach);
  const curves = {
    rate: BLEND_RATE,
    aperture: movedByJaw((gesture) => gesture.aperture),
    width: movedByLips((gesture) => gesture.width),
    rounding: movedByLips((gesture) => gesture.rounding),
    closure: contactCurve(lipClosures(gestures), length, lipRamps),
    labiodental: contactCurve(labiodentalContacts(gestures), length, toothRamps),
  };
  return {
    curves,
    jaw: jawOf(gestures, length),
    activity: movedByJaw((gesture) => (gesture.resting ? 0 : 1)),
  };
};

export const coarticulate = (gestures: readonly Gesture[], durationSeconds: number): Coarticulation =>
  blend(gestures, durationSeconds, LIPS, LIP_ON_TEETH);

/** The opening that contacts leave. */
export const openBetweenContacts = (
  aperture: Float32Array,
  { closure, labiodental }: Pick<MouthCurves, 'closure' | 'labiodental'>,
): Float32Array =>
  aperture.map(
    (open, i) => open * (1 - closure[i]) * (1 - labiodental[i]) + LABIODENTAL_APERTURE * labiodental[i],
  );

/** The values of a curve at another rate, the mean of those that fall into each step. */
const resampled = (curve: Float32Array, from: number, to: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => {
    const first = Math.min(curve.length - 1, Math.round((i * from) / to));
    const last = Math.min(curve.length, Math.max(first + 1, Math.round(((i + 1) * from) / to)));
    let sum = 0;
    for (let j = first; j < last; j++) sum += curve[j];
    return sum / (last - first);
  });

/**
 * What the mouth should do for phones with known times, as curves at `rate` per second, floor(duration * rate) values
 * each: the targets that the speech net learns to hear. See `movementFromPhones` for what is shown.
 */
export const curvesOfPhones = (
  phones: readonly Phone[],
  durationSeconds: number,
  rate: number,
): MouthCurves => {
  const { curves } = blend(speechGestures(phones, durationSeconds), durationSeconds, HEARD, HEARD);
  const length = Math.floor(durationSeconds * rate);
  const at = (curve: Float32Array): Float32Array => resampled(curve, BLEND_RATE, rate, length);
  return {
    rate,
    aperture: at(openBetweenContacts(curves.aperture, curves)),
    width: at(curves.width),
    rounding: at(curves.rounding),
    closure: at(curves.closure),
    labiodental: at(curves.labiodental),
  };
};
