import { normaliseChinese } from './normalise-chinese.js';
import { normaliseEnglish } from './normalise-english.js';

const NORMALISERS: Readonly<Record<string, (text: string) => string>> = {
  zh: normaliseChinese,
  yue: normaliseChinese,
  en: normaliseEnglish,
};

/**
 * Writes numbers, dates, amounts and signs out in words, as a speaker of the language reads them; of languages without
 * rules of ours the voice does it.
 *
 * @param language BCP 47 primary language
 */
export const normaliseText = (text: string, language: string): string =>
  NORMALISERS[language]?.(text) ?? text;
