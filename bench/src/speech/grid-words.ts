// biome-ignore format: one row each
const CODES: readonly Readonly<Record<string, string>>[] = [
  { b: 'bin', l: 'lay', p: 'place', s: 'set' },
  { b: 'blue', g: 'green', r: 'red', w: 'white' },
  { a: 'at', b: 'by', i: 'in', w: 'with' },
  Object.fromEntries(Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => [letter, letter.toUpperCase()])),
  { z: 'zero', 1: 'one', 2: 'two', 3: 'three', 4: 'four', 5: 'five', 6: 'six', 7: 'seven', 8: 'eight', 9: 'nine' },
  { a: 'again', n: 'now', p: 'please', s: 'soon' },
];

/**
 * The sentence of a clip of the GRID corpus (Cooke et al. 2006) by the code that ends its file name: `bbaf2n` is "bin blue
 * at F two now". Undefined for other names.
 */
export const gridSentence = (fileName: string): string | undefined => {
  const code = /(?:^|_)([a-z]{4}[1-9z][anps])\.\w+$/u.exec(fileName)?.[1];
  if (code === undefined) return undefined;
  const words = Array.from(code, (letter, k) => CODES[k][letter]);
  return words.every((word) => word !== undefined) ? words.join(' ') : undefined;
};
