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

// Apertures of the sounds that GRID's sentences hold (Cooke et al. 2006, CC BY 4.0) were estimated by ridge regression on
// the tracked lips of eight of its speakers; the other sounds follow the nearest of those. Spread lips are parted for i, s
// and ʃ more than the jaw tells. Width, rounding, and which sounds must touch are choices that agree with the phonetic
// sources (Cohen and Massaro 1993 for dominance, Edwards et al. 2016).
vowel('i', 0.4, 0.8, 0);
vowel('ɪ', 0.36, 0.5, 0);
vowel('e', 0.5, 0.55, 0);
vowel('ɛ', 0.54, 0.45, 0);
vowel('æ', 0.66, 0.45, 0);
vowel('a', 0.72, 0.2, 0);
vowel('ɑ', 0.75, 0.05, 0);
vowel('ɐʌ', 0.55, 0.1, 0);
vowel('əɘ', 0.38, 0.1, 0);
vowel('ɜ', 0.45, 0.05, 0.15);
vowel('ɚɝ', 0.36, -0.1, 0.3);
vowel('ɤ', 0.44, 0.15, 0);
vowel('ɯɨ', 0.36, 0.3, 0);
vowel('ɔ', 0.56, -0.3, 0.55);
vowel('ɒ', 0.6, -0.2, 0.4);
vowel('o', 0.43, -0.6, 0.8);
vowel('ɵ', 0.36, -0.4, 0.6);
vowel('ʊ', 0.3, -0.5, 0.65);
vowel('u', 0.2, -0.9, 1);
vowel('ʉ', 0.22, -0.7, 0.85);
vowel('y', 0.2, -0.6, 0.95);
vowel('ʏ', 0.26, -0.5, 0.8);
vowel('ø', 0.36, -0.5, 0.8);
vowel('œɶ', 0.46, -0.35, 0.6);
// Mandarin zi ci si and zhi chi shi ri: the consonant held on.
vowel('ɿ', 0.32, 0.3, 0);
vowel('ʅ', 0.28, -0.1, 0.25);

consonant('p', [0.02, 0, 0], 0.9, 0.05, { closed: 0.7 });
consonant('bɓ', [0.02, 0, 0], 0.9, 0.05, { closed: 0.8 });
consonant('m', [0.02, 0, 0], 0.9, 0.05, { closed: 1 });
consonant('ɸβ', [0.08, -0.1, 0.2], 1, 0.5);
consonant('fvɱʋ', [0.12, 0.1, 0], 1, 0.4, { labiodental: true });
consonant('wʍ', [0.06, -0.8, 0.95], 1, 1.5);
consonant('ɥ', [0.1, -0.6, 0.9], 1, 1.5);
consonant('ʃʒɧ', [0.24, -0.3, 0.45], 1, 0.6);
consonant('ʂʐ', [0.26, -0.1, 0.25], 1, 0.4);
consonant('ɕʑçʝ', [0.33, 0.45, 0], 1, 0.3);
consonant('sz', [0.3, 0.3, 0], 1, 0.15);
consonant('θð', [0.2, 0.1, 0], 0.9, 0.1);
consonant('td', [0.26, 0.1, 0], 0.7, 0.04);
consonant('ʈɖɳ', [0.26, 0.1, 0.1], 0.7, 0.04);
consonant('n', [0.24, 0.1, 0], 0.55, 0.04);
consonant('lɫɭɬ', [0.36, 0.1, 0], 0.55, 0.04);
consonant('ɹɻ', [0.2, -0.2, 0.35], 0.7, 0.5);
consonant('rɾɽʀʁ', [0.28, 0, 0.05], 0.5, 0.05);
consonant('kgɡŋ', [0.33, 0, 0], 0.5, 0.03);
consonant('xɣqχɢɴ', [0.35, 0, 0], 0.5, 0.03);
consonant('hɦʔħʕ', [0.4, 0, 0], 0.03, 0.02);
consonant('j', [0.36, 0.6, 0], 1, 0.4);
consonant('ɲʎcɟ', [0.3, 0.35, 0], 0.8, 0.15);

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
