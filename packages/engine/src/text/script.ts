export type Script =
  | 'Han'
  | 'Kana'
  | 'Hangul'
  | 'Cyrillic'
  | 'Greek'
  | 'Arabic'
  | 'Hebrew'
  | 'Devanagari'
  | 'Bengali'
  | 'Tamil'
  | 'Thai'
  | 'Latin'
  | 'Other';

const PATTERNS: readonly (readonly [Script, RegExp])[] = [
  ['Han', /\p{Script=Han}/u],
  ['Kana', /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u],
  ['Hangul', /\p{Script=Hangul}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Devanagari', /\p{Script=Devanagari}/u],
  ['Bengali', /\p{Script=Bengali}/u],
  ['Tamil', /\p{Script=Tamil}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['Latin', /\p{Script=Latin}/u],
  ['Other', /\p{L}/u],
];

/** The script of one letter; undefined for digits, punctuation, blanks and combining marks. */
export const scriptOf = (letter: string): Script | undefined =>
  PATTERNS.find(([, pattern]) => pattern.test(letter))?.[0];

/** How many letters of a Latin word weigh as much as one character of a script that writes syllables or words. */
const LETTERS_PER_CHARACTER = 3;

/** The share of each script in the text, weighted so that a Chinese character counts like three Latin letters. */
export const scriptShares = (text: string): ReadonlyMap<Script, number> => {
  const weights = new Map<Script, number>();
  for (const letter of text) {
    const script = scriptOf(letter);
    if (script === undefined) continue;
    const dense = script === 'Han' || script === 'Kana' || script === 'Hangul';
    weights.set(script, (weights.get(script) ?? 0) + (dense ? LETTERS_PER_CHARACTER : 1));
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...weights].map(([script, weight]) => [script, weight / total]));
};
