import { charactersOfPinyin } from './homophones.js';
import { pauseMark, respelling } from './spoken-form.js';

/** Longest pause of one `<break>`, seconds; as in Google's and Amazon's services. */
const LONGEST_PAUSE = 10;

/** Pauses of `<break strength>`, seconds; `medium` is the default of W3C SSML 1.1, 3.2.3. */
const STRENGTHS: Readonly<Record<string, number>> = {
  none: 0,
  'x-weak': 0.1,
  weak: 0.2,
  medium: 0.4,
  strong: 0.8,
  'x-strong': 1.2,
};

/** Text with the markup that is understood carried out, and what was understood but cannot be done, in English. */
export type MarkedUpText = { readonly text: string; readonly notices: readonly string[] };

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'iu').exec(tag);
  return found?.[1] ?? found?.[2];
};

const pauseOf = (tag: string): number => {
  const [, number, unit] = /^\s*\+?(\d*\.?\d+)\s*(ms|s)\s*$/iu.exec(attribute(tag, 'time') ?? '') ?? [];
  if (number !== undefined)
    return Math.min(LONGEST_PAUSE, Number(number) / (unit.toLowerCase() === 'ms' ? 1000 : 1));
  return STRENGTHS[attribute(tag, 'strength')?.toLowerCase() ?? 'medium'] ?? STRENGTHS.medium;
};

const spaced = (text: string): string => [...text.replace(/\s/gu, '')].join(' ');

/** How the content of `<say-as>` is written so that the number rules of any language read it as wished. */
const SAY_AS: Readonly<Record<string, (text: string) => string>> = {
  digits: (text) => spaced(text.replace(/\D/gu, '')),
  telephone: (text) => spaced(text.replace(/[^\d+]/gu, '')),
  characters: spaced,
  'spell-out': spaced,
  verbatim: spaced,
  cardinal: (text) => text.replace(/(?<=\d)[,\s](?=\d{3})/gu, ''),
  number: (text) => text.replace(/(?<=\d)[,\s](?=\d{3})/gu, ''),
};

const sayAs = (tag: string, content: string): string => {
  const write = SAY_AS[attribute(tag, 'interpret-as')?.toLowerCase() ?? ''];
  return write ? respelling(content, write(content)) : content;
};

const PINYIN_ALPHABETS = new Set(['py', 'pinyin', 'x-pinyin', 'x-amazon-pinyin', 'sapi']);

/**
 * Carries out the part of SSML that people use: `break`, `sub`, `say-as`, `phoneme` with pinyin, `p` and `s`. Other tags are left
 * for others to take out.
 */
export const carryOutMarkup = (raw: string): MarkedUpText => {
  const notices: string[] = [];
  const reading = (whole: string, tag: string, content: string): string => {
    const alphabet = attribute(tag, 'alphabet')?.toLowerCase() ?? '';
    const characters = PINYIN_ALPHABETS.has(alphabet)
      ? charactersOfPinyin(attribute(tag, 'ph') ?? '')
      : undefined;
    if (characters !== undefined) return respelling(content, characters);
    notices.push(
      `A reading was not understood and left out: ${whole.slice(0, 80)}. Write pinyin with tones: <phoneme alphabet="py" ph="shan4">单</phoneme>.`,
    );
    return content;
  };
  const text = raw
    .replace(/<speak\b[^<>]*>|<\/speak\s*>/giu, '')
    .replace(/<(?:p|s)(?:\s[^<>]*)?>/giu, '')
    .replace(/<\/(?:p|s)\s*>/giu, '\n')
    .replace(/<break\b([^<>]*?)\/?>(?:\s*<\/break\s*>)?/giu, (_, tag: string) => pauseMark(pauseOf(tag)))
    .replace(/<phoneme\b([^<>]*)>([^<>]*)<\/phoneme\s*>/giu, reading)
    .replace(/<sub\b([^<>]*)>([^<>]*)<\/sub\s*>/giu, (_, tag: string, content: string) =>
      respelling(content, attribute(tag, 'alias') ?? content),
    )
    .replace(/<say-as\b([^<>]*)>([^<>]*)<\/say-as\s*>/giu, (_, tag: string, content: string) =>
      sayAs(tag, content),
    );
  return { text, notices };
};
