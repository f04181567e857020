import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SherpaModel } from '../voice-store/voice-manifest.js';
import { SUPERTONIC_LANGUAGES } from '../voice-store/voice-packs.js';
import { ANY_LANGUAGE } from './voice-language.js';

/** espeak's and other names of languages that are not those of BCP 47. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  cmn: 'zh',
  chinese: 'zh',
  mandarin: 'zh',
  english: 'en',
  german: 'de',
  french: 'fr',
  spanish: 'es',
  portuguese: 'pt',
  italian: 'it',
  russian: 'ru',
  japanese: 'ja',
  korean: 'ko',
};

/** A primary language in any of the ways that models name theirs: `en-us`, `zh_CN`, `cmn`, `English`. */
const languageNamed = (name: string): string | undefined => {
  const [first] = name.toLowerCase().split(/[^a-z]+/u, 1);
  return OTHER_NAMES[first] ?? (/^[a-z]{2,3}$/u.test(first) && first !== ANY_LANGUAGE ? first : undefined);
};

/** A lexicon is looked at in three places of this length: its words are often sorted. */
const SAMPLE_BYTES = 200_000;
/** A language that has fewer of the words came in as an exception. */
const LEAST_SHARE = 0.02;

/** Languages of the words of a lexicon, as far as their script tells: Chinese, and English beside it. */
const languagesOfLexicon = async (path: string): Promise<readonly string[]> => {
  const file = await open(path);
  let text = '';
  try {
    const { size } = await file.stat();
    const places = size <= 3 * SAMPLE_BYTES ? [0] : [0, (size - SAMPLE_BYTES) / 2, size - SAMPLE_BYTES];
    for (const place of places) {
      const length = places.length === 1 ? size : SAMPLE_BYTES;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, Math.floor(place));
      text += `${buffer.toString('utf8', 0, bytesRead)}\n`;
    }
  } finally {
    await file.close();
  }
  const words = text.split('\n').map((line) => line.split(/\s/u, 1)[0]);
  const share = (pattern: RegExp): number =>
    words.filter((word) => pattern.test(word)).length / Math.max(1, words.length);
  const isChinese = share(/^\p{Script=Han}/u) > LEAST_SHARE;
  const isLatin = share(/^[a-z][a-z'’-]+$/iu) > LEAST_SHARE;
  return isChinese ? ['zh', ...(isLatin ? ['en'] : [])] : [];
};

/**
 * The languages that a model reads, its own first, as its metadata and its words tell; `mul` where nothing does.
 *
 * @param metadata of its network, see `onnxMetadata`
 */
export const languagesOfModel = async (
  directory: string,
  { family, files, ruleFsts = [] }: Pick<SherpaModel, 'family' | 'files' | 'ruleFsts'>,
  metadata: ReadonlyMap<string, string>,
): Promise<readonly string[]> => {
  if (family === 'supertonic') return SUPERTONIC_LANGUAGES;
  if (family === 'pocket' || family === 'kitten') return ['en'];
  const found = new Set<string>();
  const lexicons = [files.lexicon ?? []].flat();
  for (const name of lexicons) {
    const [, named] = /^lexicon-(?:[a-z]+-)?([a-z]{2})\.txt$/u.exec(name) ?? [];
    const languages = named ? [named] : await languagesOfLexicon(join(directory, name));
    for (const language of languages) found.add(language);
  }
  for (const rule of ruleFsts) if (/-zh\.fst$/u.test(rule)) found.add('zh');
  for (const key of ['language', 'voice']) {
    const language = languageNamed(metadata.get(key) ?? '');
    if (language) found.add(language);
  }
  // The words that only espeak reads are English ones.
  if (files.dataDir && lexicons.length > 0 && found.has('zh')) found.add('en');
  if (found.size === 0) return [ANY_LANGUAGE];
  return [...found].toSorted((one, other) => Number(other === 'zh') - Number(one === 'zh'));
};
