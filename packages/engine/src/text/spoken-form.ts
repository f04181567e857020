/**
 * A text may be written one way and spoken another, and may hold pauses. Both travel inside the text, between characters of
 * Unicode's private use area, which {@link withoutMarks} keeps out of what users give.
 */
const WRITTEN = '\uE000';
const SPOKEN = '\uE001';
const PAUSE = '\uE002';
const END = '\uE003';

const MARKS = /[\uE000-\uE003]/gu;
const RESPELLING = /\uE000([^\uE000-\uE003]*)\uE001([^\uE000-\uE003]*)\uE003/gu;
const PAUSES = /\uE002(\d+)\uE003/gu;

/** A user's text without characters that would be taken for marks. */
export const withoutMarks = (text: string): string => text.replace(MARKS, '');

/** `written` is what subtitles show, `spoken` what the voice gets. */
export const respelling = (written: string, spoken: string): string =>
  `${WRITTEN}${withoutMarks(written)}${SPOKEN}${withoutMarks(spoken)}${END}`;

/** A place where the voice is silent. */
export const pauseMark = (seconds: number): string => `${PAUSE}${Math.round(seconds * 1000)}${END}`;

/** The text as a reader sees it, pauses left out. */
export const writtenForm = (text: string): string =>
  text.replace(RESPELLING, '$1').replace(PAUSES, '').trim();

/** The text as a voice reads it, pauses left out. */
export const spokenForm = (text: string): string =>
  text.replace(RESPELLING, '$2').replace(PAUSES, ' ').trim();

/** A stretch of text between pauses, or the seconds of a pause. */
export type SpokenPart = { readonly text: string } | { readonly pauseSeconds: number };

/** What a voice does for a text, in order. */
export const spokenParts = (text: string): readonly SpokenPart[] => {
  const parts: SpokenPart[] = [];
  // split() with one group gives text and milliseconds in turn.
  text.split(PAUSES).forEach((piece, index) => {
    if (index % 2 === 1) parts.push({ pauseSeconds: Number(piece) / 1000 });
    else if (spokenForm(piece) !== '') parts.push({ text: spokenForm(piece) });
  });
  return parts;
};
