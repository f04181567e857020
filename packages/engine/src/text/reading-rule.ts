/** A rule of a normaliser: what is found, and how it is spoken. Rules are carried out in order. */
export type ReadingRule = readonly [pattern: RegExp, read: (...found: string[]) => string];

/** A rule for every place where the pattern, the source of a regular expression, is found. */
export const rule = (pattern: string, read: (...found: string[]) => string): ReadingRule => [
  new RegExp(pattern, 'gu'),
  read,
];

/** The text with every rule carried out, one after another. */
export const carryOut = (rules: readonly ReadingRule[], text: string): string =>
  rules.reduce((read, [pattern, rule]) => read.replace(pattern, rule), text);
