import { type Script, scriptShares } from './script.js';

/** Languages by the script that tells them apart; the first is what a text is taken for that shows no more. */
const LANGUAGES_OF_SCRIPT: Readonly<Partial<Record<Script, readonly string[]>>> = {
  Han: ['zh', 'yue'],
  Kana: ['ja'],
  Hangul: ['ko'],
  Cyrillic: ['ru', 'uk', 'bg'],
  Greek: ['el'],
  Arabic: ['ar'],
  Hebrew: ['he'],
  Devanagari: ['hi'],
  Bengali: ['bn'],
  Tamil: ['ta'],
  Thai: ['th'],
  Latin: 'en de fr es it pt nl sv da nb fi pl cs sk hr ro hu tr id vi'.split(' '),
};

/** Every language that is told from a text, BCP 47 primary languages. */
export const KNOWN_LANGUAGES: readonly string[] = Object.values(LANGUAGES_OF_SCRIPT).flat();

/** What is written alike in every language: addresses, file names, handles, words with digits, one-letter possessives. */
const NO_LANGUAGE =
  /\bhttps?:\S+|\S+@\S+|\b(?:[\p{L}\d-]+\.)+[a-z]{2,}\b(?:\/\S*)?|[@#]\w+|\p{L}*\d[\p{L}\d]*|(?<=\p{L})['’](?:s|t|m|d|re|ve|ll)\b/giu;

/** Characters of written Cantonese that written Mandarin does without. */
const CANTONESE = /[哋嘅咗喺嚟冇佢啲嗰嘢咁噉唔攞嘥嗌瞓嚿啱嘞喇咩囉㗎嗮晒俾畀乜]/gu;

/** English words that hardly occur in other languages: a text full of them needs no closer look. */
const ENGLISH =
  /\b(?:the|and|of|is|are|was|you|your|with|this|that|it|have|what|hello|we|they|my|to|for|from|our|not|will|can)\b/gu;

/** The detector's names for languages that we name otherwise; Malay and Indonesian look alike to it. */
const RENAMED: Readonly<Record<string, string>> = { no: 'nb', ms: 'id' };

/** Scores of the detector, 0 to 1, for texts in Latin and Cyrillic script. Loaded when first needed: 1.5 MB of n-grams. */
const detectorScores = async (text: string): Promise<ReadonlyMap<string, number>> => {
  const { eld } = await import('eld/small');
  const scores = Object.entries(eld.detect(text).getScores());
  return new Map(scores.map(([language, score]) => [RENAMED[language] ?? language, score]));
};

/** Fewest letters, and least lead over English, that another language in Latin letters must show. Tuned on 120 short texts. */
const LATIN_LETTERS = 8;
const LATIN_SCORE = 0.6;
const LATIN_LEAD = 0.12;
/** One or two words may be a name: they must look foreign through and through. */
const TWO_WORD_LEAD = 0.4;

const amongLatin = async (text: string, candidates: readonly string[]): Promise<string> => {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  const isPlain = !/[^\p{ASCII}]/u.test(words.join(''));
  if (isPlain && (text.toLowerCase().match(ENGLISH)?.length ?? 0) >= 0.3 * words.length) return 'en';
  const scores = await detectorScores(text);
  const english = scores.get('en') ?? 0;
  const [best, score] = bestOf(scores, candidates);
  const lead = words.length <= 2 ? TWO_WORD_LEAD : LATIN_LEAD;
  const isClear = words.join('').length >= LATIN_LETTERS && score >= LATIN_SCORE && score - english >= lead;
  return isClear ? best : 'en';
};

const bestOf = (
  scores: ReadonlyMap<string, number>,
  candidates: readonly string[],
): readonly [language: string, score: number] =>
  candidates
    .map((language) => [language, scores.get(language) ?? 0] as const)
    .reduce((best, next) => (next[1] > best[1] ? next : best));

const amongHan = (text: string, languages: readonly string[]): string => {
  const characters = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const cantonese = text.match(CANTONESE)?.length ?? 0;
  const isCantonese = languages.includes('yue') && cantonese >= Math.max(1, 0.06 * characters);
  return isCantonese ? 'yue' : 'zh';
};

/**
 * The language of a text, by its script first; languages that share one are told apart by a detector, where thin
 * evidence means the first of them (English, Russian). Addresses and words with digits do not count. `en` for digits
 * alone; Chinese and Japanese share characters: a tenth of kana makes it Japanese.
 *
 * @param languages what to choose from, where the text leaves a choice; default {@link KNOWN_LANGUAGES}
 * @returns a BCP 47 primary language, `und` for a script that tells none
 */
export const textLanguage = async (
  text: string,
  languages: readonly string[] = KNOWN_LANGUAGES,
): Promise<string> => {
  const telling = text.replace(NO_LANGUAGE, ' ');
  const shares = scriptShares(telling);
  const main = [...shares].toSorted((a, b) => b[1] - a[1])[0]?.[0];
  if (main === undefined) return 'en';
  const kana = shares.get('Kana') ?? 0;
  if (kana > 0.1 * (kana + (shares.get('Han') ?? 0)) && (main === 'Han' || main === 'Kana')) return 'ja';
  const own = LANGUAGES_OF_SCRIPT[main];
  if (own === undefined) return 'und';
  if (main === 'Han') return amongHan(telling, languages);
  const candidates = own.filter((language) => languages.includes(language));
  if (candidates.length < 2) return candidates[0] ?? own[0];
  if (main === 'Latin') return amongLatin(telling, candidates);
  return bestOf(await detectorScores(telling), candidates)[0];
};
