/** How the lips and the jaw stand for one speech sound, and how much they insist on it. */
export type ArticulatoryTarget = {
  /** Opening between the inner lips, 0 to 1. */
  readonly aperture: number;
  /** Distance of the mouth corners, -1 to 1. */
  readonly width: number;
  /** Rounding and protrusion, 0 to 1. */
  readonly rounding: number;
  /** Weight of the aperture against that of neighbouring sounds. */
  readonly jawDominance: number;
  /** Weight of width and rounding against those of neighbouring sounds. */
  readonly lipDominance: number;
  /** Share of the sound during which both lips are pressed together; 0 for all but p, b, m. */
  readonly closed: number;
  /** The lower lip touches the upper teeth. */
  readonly labiodental: boolean;
};

const TABLE = new Map<string, ArticulatoryTarget>();

const vowel = (symbols: string, aperture: number, width: number, rounding: number): void => {
  for (const symbol of symbols) {
    TABLE.set(symbol, {
      aperture,
      width,
      rounding,
      jawDominance: 1,
      lipDominance: 1,
      closed: 0,
      labiodental: false,
    });
  }
};

const consonant = (
  symbols: string,
  [aperture, width, rounding]: readonly [number, number, number],
  jawDominance: number,
  lipDominance: number,
  contact: { readonly closed?: number; readonly labiodental?: boolean } = {},
): void => {
  for (const symbol of symbols) {
    TABLE.set(symbol, {
      aperture,
      width,
      rounding,
      jawDominance,
      lipDominance,
      closed: contact.closed ?? 0,
      labiodental: contact.labiodental ?? false,
    });
  }
};

// The numbers are choices that agree with the phonetic sources listed in docs (Cohen and Massaro 1993 for dominance,
// Edwards et al. 2016 for which sounds must touch); they are not measurements of one speaker.
vowel('i', 0.25, 0.8, 0);
vowel('ɪ', 0.32, 0.5, 0);
vowel('e', 0.42, 0.55, 0);
vowel('ɛ', 0.55, 0.45, 0);
vowel('æ', 0.7, 0.45, 0);
vowel('a', 0.9, 0.2, 0);
vowel('ɑ', 0.9, 0.05, 0);
vowel('ɐʌ', 0.6, 0.1, 0);
vowel('əɘ', 0.38, 0.1, 0);
vowel('ɜ', 0.45, 0.05, 0.15);
vowel('ɚɝ', 0.38, -0.1, 0.3);
vowel('ɤ', 0.42, 0.15, 0);
vowel('ɯɨ', 0.28, 0.3, 0);
vowel('ɔ', 0.65, -0.3, 0.55);
vowel('ɒ', 0.7, -0.2, 0.4);
vowel('o', 0.45, -0.6, 0.8);
vowel('ɵ', 0.38, -0.4, 0.6);
vowel('ʊ', 0.32, -0.5, 0.65);
vowel('u', 0.22, -0.9, 1);
vowel('ʉ', 0.25, -0.7, 0.85);
vowel('y', 0.22, -0.6, 0.95);
vowel('ʏ', 0.28, -0.5, 0.8);
vowel('ø', 0.38, -0.5, 0.8);
vowel('œɶ', 0.5, -0.35, 0.6);
// Mandarin zi ci si and zhi chi shi ri: the consonant held on.
vowel('ɿ', 0.18, 0.3, 0);
vowel('ʅ', 0.2, -0.1, 0.25);

consonant('p', [0.05, 0, 0], 0.5, 0.05, { closed: 0.7 });
consonant('bɓ', [0.05, 0, 0], 0.5, 0.05, { closed: 0.8 });
consonant('m', [0.05, 0, 0], 0.5, 0.05, { closed: 1 });
consonant('ɸβ', [0.1, -0.1, 0.2], 0.8, 0.5);
consonant('fvɱʋ', [0.12, 0.1, 0], 0.9, 0.4, { labiodental: true });
consonant('wʍ', [0.18, -0.8, 0.95], 0.9, 1.5);
consonant('ɥ', [0.2, -0.6, 0.9], 0.9, 1.5);
consonant('ʃʒɧ', [0.2, -0.3, 0.45], 0.8, 0.6);
consonant('ʂʐ', [0.18, -0.1, 0.25], 0.8, 0.4);
consonant('ɕʑçʝ', [0.17, 0.45, 0], 0.8, 0.3);
consonant('sz', [0.15, 0.3, 0], 0.8, 0.15);
consonant('θð', [0.22, 0.1, 0], 0.5, 0.1);
consonant('td', [0.24, 0.1, 0], 0.4, 0.04);
consonant('ʈɖɳ', [0.24, 0.1, 0.1], 0.4, 0.04);
consonant('n', [0.26, 0.1, 0], 0.3, 0.04);
consonant('lɫɭɬ', [0.3, 0.1, 0], 0.3, 0.04);
consonant('ɹɻ', [0.26, -0.2, 0.35], 0.4, 0.5);
consonant('rɾɽʀʁ', [0.3, 0, 0.05], 0.3, 0.05);
consonant('kgɡŋ', [0.32, 0, 0], 0.25, 0.03);
consonant('xɣqχɢɴ', [0.35, 0, 0], 0.25, 0.03);
consonant('hɦʔħʕ', [0.4, 0, 0], 0.03, 0.02);
consonant('j', [0.26, 0.6, 0], 0.6, 0.4);
consonant('ɲʎcɟ', [0.26, 0.35, 0], 0.5, 0.15);

/** What stands for a sound that the table lacks: neighbours decide. */
const UNKNOWN: ArticulatoryTarget = {
  aperture: 0.3,
  width: 0.1,
  rounding: 0,
  jawDominance: 0.1,
  lipDominance: 0.02,
  closed: 0,
  labiodental: false,
};

/** The lips part at the burst; the breath after it belongs to the sound but not to the closure. */
const ASPIRATED_CLOSED = 0.55;

const AFFRICATE = /^[tdʈɖkc][\u0361ʲ]?(?=[sʃzʒɕʑʂʐçx])/u;

/**
 * The targets that one phone runs through, at least one for a sound, none for silence. Diphthongs give one for
 * each vowel; affricates that of their fricative, which the lips form from the start.
 */
export const articulatoryTargetsOf = (ipa: string): readonly ArticulatoryTarget[] => {
  if (ipa === '') return [];
  const found: ArticulatoryTarget[] = [];
  for (const symbol of ipa.replace(AFFRICATE, '')) {
    const target = TABLE.get(symbol);
    if (target === undefined) continue;
    // After another sound, h marks aspiration.
    if (found.length > 0 && (symbol === 'h' || symbol === 'ɦ')) continue;
    found.push(target);
  }
  if (found.length === 0) return [UNKNOWN];
  if (found[0].closed > 0 && /[hʰ]/u.test(ipa))
    return [{ ...found[0], closed: ASPIRATED_CLOSED }, ...found.slice(1)];
  return found;
};

/** Whether one symbol stands for a vowel that begins rising diphthongs (Mandarin ia, ua, üe) as a short glide. */
export const isGlideVowel = (symbol: string): boolean => 'iuyɪʊ'.includes(symbol);
