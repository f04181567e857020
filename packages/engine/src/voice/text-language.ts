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

/** Scripts that tell a language apart, with the language that text in them is taken for. */
const SCRIPTS: readonly (readonly [Script, string, RegExp])[] = [
  ['Han', 'zh', /\p{Script=Han}/u],
  ['Kana', 'ja', /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u],
  ['Hangul', 'ko', /\p{Script=Hangul}/u],
  ['Cyrillic', 'ru', /\p{Script=Cyrillic}/u],
  ['Greek', 'el', /\p{Script=Greek}/u],
  ['Arabic', 'ar', /\p{Script=Arabic}/u],
  ['Hebrew', 'he', /\p{Script=Hebrew}/u],
  ['Devanagari', 'hi', /\p{Script=Devanagari}/u],
  ['Bengali', 'bn', /\p{Script=Bengali}/u],
  ['Tamil', 'ta', /\p{Script=Tamil}/u],
  ['Thai', 'th', /\p{Script=Thai}/u],
  ['Latin', 'en', /\p{Script=Latin}/u],
  ['Other', 'und', /\p{L}/u],
];

/** The script of one letter; undefined for digits, punctuation, blanks and combining marks. */
export const scriptOf = (letter: string): Script | undefined =>
  SCRIPTS.find(([, , pattern]) => pattern.test(letter))?.[0];

/** The language that text in this script is taken for, `und` when it is not one we know. */
const languageOfScript = (script: Script): string => SCRIPTS.find(([name]) => name === script)?.[1] ?? 'und';

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

/** Frequent short words of languages in Latin script that other languages do not share. */
const FUNCTION_WORDS: Readonly<Record<string, RegExp>> = {
  en: /\b(?:the|and|of|to|is|are|was|you|that|with|for|this|it|have|not|what)\b/giu,
  de: /\b(?:der|das|und|ist|nicht|ich|sie|mit|ein|eine|auf|für|von|zu|den|wir|es)\b/giu,
  fr: /\b(?:le|les|et|est|une|des|dans|pour|vous|nous|je|pas|que|avec|sur|du|il)\b|\b[cdjlnqs]['’]/giu,
  es: /\b(?:el|los|las|y|es|una|por|para|con|no|que|está|del|usted|muy|pero|qué)\b|[¿¡ñ]/giu,
  it: /\b(?:il|gli|una|per|con|non|che|di|sono|della|questo|anche|più|come)\b/giu,
  pt: /\b(?:o|os|as|uma|para|com|não|que|do|da|em|você|está|muito|por)\b|[ãõ]/giu,
};

const latinLanguage = (text: string): string => {
  let best = 'en';
  let most = text.match(FUNCTION_WORDS.en)?.length ?? 0;
  for (const [language, words] of Object.entries(FUNCTION_WORDS)) {
    const count = text.match(words)?.length ?? 0;
    if (count > most) {
      best = language;
      most = count;
    }
  }
  return best;
};

/**
 * The language of a text by its script, Latin script by its function words; `en` for digits alone. Chinese and
 * Japanese share characters: a tenth of kana makes it Japanese.
 */
export const textLanguage = (text: string): string => {
  const shares = scriptShares(text);
  const kana = shares.get('Kana') ?? 0;
  const main = [...shares].toSorted((a, b) => b[1] - a[1])[0]?.[0];
  if (main === undefined) return 'en';
  if (kana > 0.1 * (kana + (shares.get('Han') ?? 0)) && (main === 'Han' || main === 'Kana')) return 'ja';
  return main === 'Latin' ? latinLanguage(text) : languageOfScript(main);
};
