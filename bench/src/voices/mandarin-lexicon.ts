/**
 * How Kokoro 1.0 writes Mandarin: IPA of the initial and the final, the tone as an arrow behind the vowel (misaki's `zh`,
 * after pinyin-to-ipa). Written here by rule, for measurements.
 */
const INITIALS: Readonly<Record<string, string>> = {
  zh: 'ꭧ',
  ch: 'ꭧʰ',
  sh: 'ʂ',
  b: 'p',
  p: 'pʰ',
  m: 'm',
  f: 'f',
  d: 't',
  t: 'tʰ',
  n: 'n',
  l: 'l',
  g: 'k',
  k: 'kʰ',
  h: 'x',
  j: 'ʨ',
  q: 'ʨʰ',
  x: 'ɕ',
  r: 'ɻ',
  z: 'ʦ',
  c: 'ʦʰ',
  s: 's',
};

/** The place of the tone is marked by 0. */
const FINALS: Readonly<Record<string, string>> = {
  a: 'a0',
  o: 'wo0',
  e: 'ɤ0',
  i: 'i0',
  u: 'u0',
  ü: 'y0',
  ai: 'ai0',
  ei: 'ei0',
  ao: 'au0',
  ou: 'ou0',
  an: 'a0n',
  en: 'ə0n',
  ang: 'a0ŋ',
  eng: 'ə0ŋ',
  ong: 'ʊ0ŋ',
  er: 'ɚ0',
  ia: 'ja0',
  ie: 'je0',
  iao: 'jau0',
  iu: 'jou0',
  ian: 'jɛ0n',
  in: 'i0n',
  iang: 'ja0ŋ',
  ing: 'i0ŋ',
  iong: 'jʊ0ŋ',
  ua: 'wa0',
  uo: 'wo0',
  uai: 'wai0',
  ui: 'wei0',
  uan: 'wa0n',
  un: 'wə0n',
  uang: 'wa0ŋ',
  ueng: 'wə0ŋ',
  üe: 'ɥe0',
  üan: 'ɥɛ0n',
  ün: 'y0n',
};

const TONES: Readonly<Record<string, string>> = { '1': '→', '2': '↗', '3': '↓', '4': '↘' };

/** Finals that are written with another first letter when nothing is before them. */
const ALONE: Readonly<Record<string, string>> = {
  yi: 'i',
  yin: 'in',
  ying: 'ing',
  you: 'iu',
  wei: 'ui',
  wen: 'un',
  wu: 'u',
};

const finalAlone = (syllable: string): string =>
  ALONE[syllable] ?? syllable.replace(/^yu/u, 'ü').replace(/^y/u, 'i').replace(/^w/u, 'u');

/** @param pinyin such as `ni3`, `lv4`; the neutral tone is 0 */
const kokoroSyllable = (pinyin: string): string | undefined => {
  const [, letters, tone] = /^([a-zü]+)([0-5])$/u.exec(pinyin.replace(/v/u, 'ü')) ?? [];
  if (letters === undefined) return undefined;
  const initial = /^(?:[zcs]h|[bpmfdtnlgkhjqxrzcs])/u.exec(letters)?.[0] ?? '';
  const rest = initial === '' ? finalAlone(letters) : letters.slice(initial.length);
  const final = /^[jqx]$/u.test(initial) ? rest.replace(/^u/u, 'ü') : rest;
  const ipa = /^(?:[zcs]h?|r)$/u.test(initial) && final === 'i' ? 'ɨ0' : FINALS[final];
  return ipa && `${INITIALS[initial] ?? ''}${ipa}`.replace('0', TONES[tone] ?? '');
};

/** A lexicon as sherpa-onnx reads it, of all characters from 一 to 龥. */
export const mandarinLexicon = (pinyinOf: (character: string) => string): string => {
  const lines: string[] = [];
  for (let code = 0x4e00; code <= 0x9fa5; code++) {
    const character = String.fromCodePoint(code);
    const syllable = kokoroSyllable(pinyinOf(character));
    if (syllable) lines.push(`${character} ${[...syllable].join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
};
