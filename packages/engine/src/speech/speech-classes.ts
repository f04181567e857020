/** The classes of sounds that the speech net tells apart: the 15 visemes of Oculus' lip-sync; `sil` is silence. */
// biome-ignore format: one row
export const SPEECH_CLASSES = [
  'sil', 'PP', 'FF', 'TH', 'DD', 'kk', 'CH', 'SS', 'nn', 'RR', 'aa', 'E', 'I', 'O', 'U',
] as const;

type SpeechClass = (typeof SPEECH_CLASSES)[number];

export const SILENCE_CLASS = 0;

/** Base IPA symbols of each class. */
const SYMBOLS: Readonly<Record<Exclude<SpeechClass, 'sil'>, string>> = {
  PP: 'pbmɓʙ',
  FF: 'fvɱʋⱱɸβ',
  TH: 'θð',
  DD: 'tdʈɖɗ',
  kk: 'kgɡŋɣxqχɢɠɴhɦʔħʕɰ',
  CH: 'ʃʒʂʐɧʅ',
  SS: 'szɕʑçʝɿ',
  nn: 'nɳlɫɭɬɮɲʎʟcɟ',
  RR: 'ɹɻrɾɽʀʁɺɚɝ',
  aa: 'aɑæʌɐ',
  E: 'eɛəɘɤɜɞ',
  I: 'iɪɯɨjᵻ',
  O: 'oɔɒøœɶɵ',
  U: 'uʊʉyʏwʍɥ',
};

const CLASS_OF_SYMBOL: ReadonlyMap<string, number> = new Map(
  Object.entries(SYMBOLS).flatMap(([name, symbols]) =>
    Array.from(symbols, (symbol): [string, number] => [symbol, SPEECH_CLASSES.indexOf(name as SpeechClass)]),
  ),
);

/** All symbols that have a class. */
export const SPEECH_SYMBOLS: readonly string[] = [...CLASS_OF_SYMBOL.keys()];

/** Index into `SPEECH_CLASSES` of one of `SPEECH_SYMBOLS`. */
export const symbolClass = (symbol: string): number => CLASS_OF_SYMBOL.get(symbol)!;

/**
 * Classes that one phone passes through, in order, as indices into `SPEECH_CLASSES`: `aɪ` is two, the affricate `tʃ`
 * one (its lips are those of ʃ), silence and unknown signs none. Marks of length, voice or nasality do not matter.
 *
 * @param ipa as in `Phone`
 */
export const phoneClasses = (ipa: string): number[] => phoneSymbols(ipa).map(symbolClass);

/** The symbols behind `phoneClasses`. */
export const phoneSymbols = (ipa: string): readonly string[] =>
  withoutStopOfAffricate(Array.from(ipa, baseSymbol).filter((symbol) => CLASS_OF_SYMBOL.has(symbol)));

/** `ã` is a letter of its own in Unicode, as is `ç`; only the latter is a sound of its own here. */
const baseSymbol = (character: string): string =>
  CLASS_OF_SYMBOL.has(character) ? character : (Array.from(character.normalize('NFD'))[0] ?? '');

const withoutStopOfAffricate = (symbols: readonly string[]): readonly string[] => {
  if (symbols.length !== 2) return symbols;
  const [first, second] = symbols;
  if ('tdʈɖ'.includes(first) && 'szʃʒɕʑʂʐ'.includes(second)) return [second];
  const aspirated = second === 'h' || ('ptk'.includes(first) && 'xχ'.includes(second));
  return aspirated ? [first] : symbols;
};
