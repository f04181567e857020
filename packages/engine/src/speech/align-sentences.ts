import { type Alignment, alignPhones } from './forced-alignment.js';
import type { HeardSpeech } from './heard-speech.js';
import { phoneClasses } from './speech-classes.js';

/** A sentence whose words are known, and when it is said. Seconds. */
type SaidSentence = { readonly text: string; readonly start: number; readonly end: number };

export type SentenceAlignment = Alignment & {
  /** The sentences in order, from their first sound to their last; empty when the sound is too short for them. */
  readonly sentences: readonly SaidSentence[];
};

/** Finds sentences with known phones again in the sound; see {@link alignPhones}. */
export const alignSentences = (
  features: HeardSpeech,
  sentences: readonly { readonly text: string; readonly ipa: readonly string[] }[],
): SentenceAlignment => {
  const alignment = alignPhones(
    features,
    sentences.flatMap(({ ipa }) => [...ipa, '']),
  );
  const sounds = alignment.phones.filter(({ ipa }) => ipa !== '');
  let next = 0;
  const said = sentences.flatMap(({ text, ipa }): SaidSentence[] => {
    const count = ipa.filter((symbols) => phoneClasses(symbols).length > 0).length;
    const own = sounds.slice(next, next + count);
    next += count;
    return own.length > 0 ? [{ text, start: own[0].start, end: own[own.length - 1].end }] : [];
  });
  return { ...alignment, sentences: said };
};
