import { type Alignment, alignPhones } from './forced-alignment.js';
import type { HeardSpeech } from './heard-speech.js';
import { phoneClasses } from './speech-classes.js';

/** A sentence whose words are known, and when it is said. Seconds. */
type SaidSentence = { readonly text: string; readonly start: number; readonly end: number };

export type SentenceAlignment = Alignment & {
  /** The sentences in order, from their first sound to their last; empty when the sound is too short for them. */
  readonly sentences: readonly SaidSentence[];
};

/** Phones of an unknown kind are not looked for. */
const isFound = (ipa: string): boolean => phoneClasses(ipa).length > 0;

/** For each phone that is found, the word that begins with it or with an unknown one just before. */
const foundWords = (ipa: readonly string[], words: readonly string[]): string[] => {
  const found: string[] = [];
  let word = '';
  ipa.forEach((symbols, index) => {
    word = words[index] || word;
    if (!isFound(symbols)) return;
    found.push(word);
    word = '';
  });
  return found;
};

/** Finds sentences with known phones again in the sound; see {@link alignPhones}. */
export const alignSentences = (
  features: HeardSpeech,
  sentences: readonly {
    readonly text: string;
    readonly ipa: readonly string[];
    readonly words?: readonly string[];
  }[],
): SentenceAlignment => {
  const alignment = alignPhones(
    features,
    sentences.flatMap(({ ipa }) => [...ipa, '']),
  );
  const found = sentences.flatMap(({ ipa, words = [] }) => foundWords(ipa, words));
  let sound = 0;
  const phones = alignment.phones.map((phone) => {
    const word = phone.ipa === '' ? '' : found[sound++];
    return word ? { ...phone, word } : phone;
  });
  const sounds = phones.filter(({ ipa }) => ipa !== '');
  let next = 0;
  const said = sentences.flatMap(({ text, ipa }): SaidSentence[] => {
    const count = ipa.filter(isFound).length;
    const own = sounds.slice(next, next + count);
    next += count;
    return own.length > 0 ? [{ text, start: own[0].start, end: own[own.length - 1].end }] : [];
  });
  return { ...alignment, phones, sentences: said };
};
