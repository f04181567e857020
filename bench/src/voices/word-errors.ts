/** Words of a text as a recogniser writes them. */
const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .match(/[a-z']+/gu) ?? [];

/** Fewest words to put in, leave out or replace (Levenshtein 1966), and how many were said. */
export const wordErrors = (
  said: string,
  heard: string,
): { readonly errors: number; readonly words: number } => {
  const [from, to] = [wordsOf(said), wordsOf(heard)];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [i, word] of from.entries()) {
    const next = [i + 1];
    for (const [j, other] of to.entries())
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (word === other ? 0 : 1)));
    row = next;
  }
  return { errors: row[to.length], words: from.length };
};
