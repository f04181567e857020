/** Ends of sentences: CJK full stops at once, Latin ones before a blank or the end, quotes and brackets go along. */
const SENTENCE_END = /[。！？；…]+[”’」』）》"'）)]*|[.!?;؟۔।]+[”’"')\]»]*(?=[\s\uE002]|$)|\n+/gu;

/** Words whose full stop ends no sentence. */
const ABBREVIATION =
  /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|sr|jr|vs|etc|e\.g|i\.e|no|vol|fig|z\.b|d\.h|bzw|\p{L})\.$/iu;

const CLAUSE_END = /[，、：,:]\s*|\s[–—-]\s/gu;

/** True where a text ends within a respelling or a pause mark, see spoken-form.ts. */
const endsInMark = (text: string): boolean => /[\uE000-\uE002][^\uE003]*$/u.test(text);

const SAYABLE = /[\p{L}\p{N}]/u;

/** Cuts after every match, unless `keeps` says that this end is none. */
const cutAfter = (text: string, ends: RegExp, keeps: (before: string) => boolean): string[] => {
  const pieces: string[] = [];
  let from = 0;
  for (const match of text.matchAll(ends)) {
    const to = match.index + match[0].length;
    if (keeps(text.slice(from, to))) continue;
    pieces.push(text.slice(from, to));
    from = to;
  }
  pieces.push(text.slice(from));
  return pieces;
};

/** Cuts a text that is too long at its clauses, at blanks when a clause is too long, anywhere as the last resort. */
const shortened = (text: string, limit: number): string[] => {
  if (text.length <= limit) return [text];
  const parts: string[] = [];
  let part = '';
  for (const clause of cutAfter(text, CLAUSE_END, endsInMark)) {
    if ((part + clause).length > limit && part !== '') {
      parts.push(part);
      part = '';
    }
    part += clause;
    while (part.length > limit) {
      const blank = part.lastIndexOf(' ', limit);
      const at = blank > limit / 2 ? blank : limit;
      parts.push(part.slice(0, at));
      part = part.slice(at);
    }
  }
  return [...parts, part];
};

const isNoEnd = (before: string): boolean => ABBREVIATION.test(before.trimEnd()) || endsInMark(before);

/**
 * The sentences of a text in order, trimmed, each with something to say and at most `limit` characters: longer ones
 * are cut at clauses or blanks.
 */
export const splitSentences = (text: string, limit = 300): readonly string[] => {
  const sentences: string[] = [];
  for (const piece of cutAfter(text, SENTENCE_END, isNoEnd)) {
    for (const part of shortened(piece.trim(), limit)) {
      const sentence = part.trim();
      if (SAYABLE.test(sentence)) sentences.push(sentence);
      else if (sentence !== '' && sentences.length > 0) sentences[sentences.length - 1] += sentence;
    }
  }
  return sentences;
};
