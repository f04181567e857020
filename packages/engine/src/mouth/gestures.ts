import type { Phone } from '../speech/phone.js';
import { type ArticulatoryTarget, articulatoryTargetsOf, isGlideVowel } from './articulatory-targets.js';

/** A stretch of time with one target. Seconds. */
export type Gesture = ArticulatoryTarget & {
  readonly start: number;
  readonly end: number;
  /** A pause, not a sound. */
  readonly silent?: boolean;
  /** A pause in which nothing is said soon. */
  readonly resting?: boolean;
};

/** Lips together, or lower lip on the teeth, for this long. Seconds. */
export type Contact = { readonly start: number; readonly end: number };

/** Shorter pauses are spoken through; in longer ones the mouth comes to rest. */
const REST_PAUSE = 0.15;
/**
 * The first sound after a pause is prepared so long before it. Together with the reach of the sound itself the mouth moves 120 to 200 ms ahead (Schwartz and Savariaux 2014).
 */
const PREPARATION = 0.13;
/** After the last sound the mouth lingers so long before it closes. */
const RELAXATION = 0.1;
/** A pause keeps at least a third of its length for rest. */
const LARGEST_SHARE = 1 / 3;

const REST: ArticulatoryTarget = {
  aperture: 0,
  width: 0,
  rounding: 0,
  jawDominance: 0.15,
  lipDominance: 0.1,
  closed: 0,
  labiodental: false,
};

/** A pause too short for the mouth to close. */
const BRIEF_PAUSE: ArticulatoryTarget = { ...REST, aperture: 0.1, jawDominance: 0.05, lipDominance: 0.02 };

/** A second vowel at least this open makes the first a short glide (Mandarin ia, ua, üe, but not ün, un). */
const OPEN_VOWEL = 0.42;

/** Where within a phone its second, third... target begins, as shares of its length. */
const cuts = (ipa: string, targets: readonly ArticulatoryTarget[]): readonly number[] => {
  const count = targets.length;
  const rising = count > 1 && isGlideVowel(ipa[0]) && targets[1].aperture >= OPEN_VOWEL;
  if (count === 2) return [rising ? 0.35 : 0.6];
  if (count === 3 && rising) return [0.25, 0.65];
  return Array.from({ length: count - 1 }, (_, index) => (index + 1) / count);
};

const gesturesOf = ({ start, end, ipa }: Phone): readonly Gesture[] => {
  const targets = articulatoryTargetsOf(ipa);
  const bounds = [0, ...cuts(ipa, targets), 1].map((share) => start + share * (end - start));
  return targets.map((target, index) => ({
    ...target,
    start: bounds[index],
    end: bounds[index + 1],
  }));
};

/** The target on the way to or from another, without its contacts. */
const part = (of: ArticulatoryTarget, share: number, dominance: number): ArticulatoryTarget => ({
  ...REST,
  aperture: of.aperture * share,
  width: of.width * share,
  rounding: of.rounding * share,
  jawDominance: dominance,
  lipDominance: dominance,
});

/** What the mouth does in silence between two sounds, where there are any. */
const pause = (start: number, end: number, before?: Gesture, after?: Gesture): readonly Gesture[] => {
  const length = end - start;
  const silent = true;
  if (before !== undefined && after !== undefined && length <= REST_PAUSE)
    return [{ ...BRIEF_PAUSE, start, end, silent }];
  const restStart = before === undefined ? start : start + Math.min(RELAXATION, length * LARGEST_SHARE);
  const restEnd = after === undefined ? end : end - Math.min(PREPARATION, length * LARGEST_SHARE);
  return [
    ...(before === undefined ? [] : [{ ...part(before, 0.35, 0.15), start, end: restStart, silent }]),
    { ...REST, start: restStart, end: restEnd, silent, resting: true },
    ...(after === undefined ? [] : [{ ...part(after, 0.35, 0.25), start: restEnd, end, silent }]),
  ];
};

/** The gestures of a speech of this length, without gaps; times outside of phones and empty phones are silence. */
export const speechGestures = (phones: readonly Phone[], durationSeconds: number): readonly Gesture[] => {
  const sounds = phones.filter(({ start, end, ipa }) => ipa !== '' && end > start && start < durationSeconds);
  const gestures: Gesture[] = [];
  for (const sound of sounds.map(gesturesOf)) {
    const before = gestures.at(-1);
    const silence = before?.end ?? 0;
    if (sound[0].start > silence + 1e-6) gestures.push(...pause(silence, sound[0].start, before, sound[0]));
    gestures.push(...sound);
  }
  const last = gestures.at(-1);
  const silence = last?.end ?? 0;
  if (durationSeconds > silence) gestures.push(...pause(silence, durationSeconds, last, undefined));
  return gestures;
};

/** When the lips are pressed together. */
export const lipClosures = (gestures: readonly Gesture[]): readonly Contact[] =>
  gestures
    .filter(({ closed }) => closed > 0)
    .map(({ start, end, closed }) => ({ start, end: start + closed * (end - start) }));

/** When the lower lip touches the upper teeth. */
export const labiodentalContacts = (gestures: readonly Gesture[]): readonly Contact[] =>
  gestures.filter(({ labiodental }) => labiodental).map(({ start, end }) => ({ start, end }));
