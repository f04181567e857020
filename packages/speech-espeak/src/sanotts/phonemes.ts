import { ipaOfPhoneme } from '../ipa.js';

/** A speech sound with the ids that stand for it. */
export type Phoneme = {
  /** Empty for a boundary of words and for punctuation. */
  readonly ipa: string;
  readonly ids: readonly number[];
  readonly isPause: boolean;
};

export const PAD_ID = 0;
export const BEGIN_ID = 1;
export const END_ID = 2;

/**
 * The symbols of Piper's phoneme ids from 3 on: punctuation, letters and IPA, stress and length, digits for tones,
 * diacritics.
 */
const SYMBOLS = [
  ..." !'(),-.:;?abcdefhijklmnopqrstuvwxyzæçðøħŋœǀǁǂǃɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢʲˈˌːˑ˞βθχᵻⱱ0123456789",
  ...'\u0327\u0303\u032a\u032f\u0329ʰˤε↓#"↑\u033a\u033bgʦX',
];

const ID_OF = new Map(SYMBOLS.map((symbol, index) => [symbol, index + 3]));

const idsOf = (symbols: string, vocabulary: number): readonly number[] =>
  [...symbols.normalize('NFD')].flatMap((symbol) => {
    const id = ID_OF.get(symbol);
    return id !== undefined && id < vocabulary ? [id] : [];
  });

/** Clauses of a sentence with the mark that ends each; a mark within a word or number ends none. */
const clauses = (sentence: string): readonly { readonly words: string; readonly mark: string }[] => {
  const pieces = sentence.matchAll(
    /(.+?)(?:([,;:!?]+)(?=[\s"'”’)\]]|$)|(\.+["'”’)\]]*\s*)$|\s[–—-]+\s|$)/gsu,
  );
  return [...pieces].map(([, words = '', mark, stop]) => ({ words, mark: mark?.[0] ?? (stop ? '.' : '') }));
};

/** espeak's phonemes of some words: `p_ɐ_p_ˈɑː b_ˈɔː_t`, clauses parted by ` | `. */
export type Transcribe = (words: string) => string;

/**
 * The phonemes of a sentence with Piper's ids, as its voices were trained on: a space between words, the punctuation
 * after its clause.
 *
 * @param vocabulary ids from here on are unknown to the voice and left out
 */
export const phonemesOf = (
  sentence: string,
  vocabulary: number,
  transcribe: Transcribe,
): readonly Phoneme[] => {
  const phonemes: Phoneme[] = [];
  const add = (symbols: string, ipa: string, isPause: boolean): void => {
    const ids = idsOf(symbols, vocabulary);
    if (ids.length > 0) phonemes.push({ ipa, ids, isPause });
  };
  for (const { words, mark } of clauses(sentence)) {
    const spoken = transcribe(words)
      .replace(/\([^)]*\)/gu, '')
      .split(/[\s|]+/u)
      .filter((word) => word !== '' && word !== '_');
    if (spoken.length === 0) continue;
    if (phonemes.length > 0) add(' ', '', false);
    for (const [index, word] of spoken.entries()) {
      if (index > 0) add(' ', '', false);
      for (const name of word.split('_')) if (name !== '') add(name, ipaOfPhoneme(name), false);
    }
    if (mark !== '') add(mark, '', true);
  }
  return phonemes;
};
