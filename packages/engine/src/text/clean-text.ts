import { EmptyTextError } from '../errors/empty-text-error.js';
import { carryOutMarkup } from './speech-markup.js';
import { spokenForm, withoutMarks } from './spoken-form.js';

/** Text that can be spoken, with pauses and respellings marked (see spoken-form.ts), and what was left out of it, told in English. */
export type CleanText = {
  readonly text: string;
  readonly notices: readonly string[];
};

/** Emoji with their joiners, skin tones, flags and key caps; not the signs (c), (r) and tm, which are text. */
const EMOJI =
  /(?:[#*0-9]\uFE0F?\u20E3|\p{Regional_Indicator}{2}|(?![©®™])\p{Extended_Pictographic})(?:\u200D\p{Extended_Pictographic}|\uFE0E|\uFE0F|\u20E3|[\u{1F3FB}-\u{1F3FF}]|[\u{E0020}-\u{E007F}])*/gu;

/** SSML that is not carried out, HTML and XML tags, comments and processing instructions. */
const TAG = /<!--[\s\S]*?-->|<[/?!]?[a-z][^<>]{0,1000}>/giu;

/** Signs that mark up text and are not part of the language; espeak reads `[[…]]` as phoneme codes. */
const MARKUP = /[*_`~|^<>{}[\]\\]+/gu;

/** Control and format characters (zero-width signs, soft hyphens, direction marks) and emoji selectors. */
const INVISIBLE = /\p{Cc}|\p{Cf}|\uFE0E|\uFE0F/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

const entity = (whole: string, name: string): string => {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = /^#x/iu.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
};

const HAN = /\p{Script=Han}/u;

/** Replaces what matches by a blank, by nothing between two Chinese characters. */
const blanked = (text: string, pattern: RegExp): string => {
  const parts = text.split(pattern);
  return parts.reduce((before, after) => {
    const joins = HAN.test(before.slice(-1)) && HAN.test(after.charAt(0));
    return joins ? before + after : `${before} ${after}`;
  });
};

/**
 * Makes text ready to be spoken: SSML that people use is carried out, emoji, other markup and invisible characters go,
 * character references are resolved, blanks are tidied; line breaks stay.
 *
 * @throws EmptyTextError when no letter and no digit remains.
 */
export const cleanText = (raw: string): CleanText => {
  const notices: string[] = [];
  const { text: spoken, notices: unread } = carryOutMarkup(withoutMarks(raw.normalize('NFC')));
  notices.push(...unread);
  const plain = spoken.replace(/\r\n?|[\u2028\u2029]/gu, '\n').replaceAll('\t', ' ');
  const emoji = [...new Set(plain.match(EMOJI))];
  if (emoji.length > 0) notices.push(`Emoji were left out: ${emoji.slice(0, 10).join(' ')}`);
  const wordy = blanked(plain, EMOJI);
  if (wordy.search(TAG) >= 0) notices.push('Markup tags were left out; only their text is spoken.');
  const text = blanked(blanked(wordy, TAG).replace(/&(#?\w{1,8});/gu, entity), MARKUP)
    .replace(INVISIBLE, (sign) => (sign === '\n' ? '\n' : ''))
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ *\n */gu, '\n')
    .trim();
  if (!/[\p{L}\p{N}]/u.test(spokenForm(text))) throw new EmptyTextError(raw);
  return { text, notices };
};
