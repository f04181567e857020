import type { Script } from '../text/script.js';
import { voiceId } from './voice-id.js';
import type { Voice } from './voice-provider.js';

/**
 * A timbre of espeak's formant synthesiser, and how far its pitch goes: octaves at espeak's pitch 0 and 99 against
 * its own (50), measured on Mandarin sentences.
 */
type Timbre = { readonly variant: string; readonly octavesDown: number; readonly octavesUp: number };

/**
 * Eight that sound like different people. Measured median F0 and spectral centroid in Hz: Annie 199, 1223;
 * f5 187, 1058; belinda 214, 983; steph 175, 330; Reed 102, 444; pablo 98, 1179; Mike 79, 993; Nguyen 129, 492.
 */
const TIMBRES = {
  lively: { variant: 'Annie', octavesDown: 0.43, octavesUp: 0.62 },
  bright: { variant: 'f5', octavesDown: 0.5, octavesUp: 0.75 },
  young: { variant: 'belinda', octavesDown: 0.85, octavesUp: 0.9 },
  soft: { variant: 'steph', octavesDown: 0.87, octavesUp: 0.89 },
  calm: { variant: 'Reed', octavesDown: 0.52, octavesUp: 0.78 },
  clear: { variant: 'pablo', octavesDown: 0.5, octavesUp: 0.77 },
  deep: { variant: 'Mike', octavesDown: 0.47, octavesUp: 0.77 },
  light: { variant: 'Nguyen', octavesDown: 0.48, octavesUp: 0.64 },
} as const satisfies Record<string, Timbre>;

/** A voice with what espeak needs to know about it. */
export type EspeakVoice = Voice & {
  /** espeak's name of the language. */
  readonly dialect: string;
  readonly timbre: Timbre;
};

const voice = (
  name: string,
  gender: Voice['gender'],
  language: string,
  dialect: string,
  timbre: keyof typeof TIMBRES,
  id: string = voiceId('espeak', name),
): EspeakVoice => ({ id, name, gender, language, provider: 'espeak', dialect, timbre: TIMBRES[timbre] });

/** A woman and a man of one language. */
const pair = (language: string, dialect: string, woman: string, man: string): readonly EspeakVoice[] => [
  voice(woman, 'female', language, dialect, 'lively'),
  voice(man, 'male', language, dialect, 'calm'),
];

/**
 * The voices, the default of each language first. Languages that espeak reads badly are left out: Japanese and Thai
 * (it knows no kanji and no Thai vowels), Arabic, Hebrew and Persian (it does not supply the unwritten vowels).
 */
export const ESPEAK_VOICES: readonly EspeakVoice[] = [
  // The Open API's own example.
  voice('晓岚', 'female', 'zh', 'cmn', 'lively', 'C-f2429d07554749839849497589199916'),
  voice('思悦', 'female', 'zh', 'cmn', 'bright'),
  voice('小桃', 'female', 'zh', 'cmn', 'young'),
  voice('静姝', 'female', 'zh', 'cmn', 'soft'),
  voice('云深', 'male', 'zh', 'cmn', 'calm'),
  voice('明远', 'male', 'zh', 'cmn', 'clear'),
  voice('大山', 'male', 'zh', 'cmn', 'deep'),
  voice('子轩', 'male', 'zh', 'cmn', 'light'),
  voice('Emma', 'female', 'en', 'en-us', 'lively'),
  voice('Grace', 'female', 'en', 'en-us', 'bright'),
  voice('Olivia', 'female', 'en', 'en-gb-x-rp', 'young'),
  voice('Claire', 'female', 'en', 'en-us', 'soft'),
  voice('James', 'male', 'en', 'en-us', 'calm'),
  voice('Ryan', 'male', 'en', 'en-us', 'clear'),
  voice('Arthur', 'male', 'en', 'en-gb-x-rp', 'deep'),
  voice('Callum', 'male', 'en', 'en-gb-scotland', 'light'),
  ...pair('yue', 'yue', '嘉欣', '志明'),
  ...pair('de', 'de', 'Anna', 'Lukas'),
  ...pair('fr', 'fr', 'Camille', 'Julien'),
  ...pair('es', 'es', 'Lucía', 'Mateo'),
  ...pair('it', 'it', 'Giulia', 'Marco'),
  ...pair('pt', 'pt-br', 'Beatriz', 'Rafael'),
  ...pair('nl', 'nl', 'Sanne', 'Daan'),
  ...pair('sv', 'sv', 'Astrid', 'Erik'),
  ...pair('da', 'da', 'Freja', 'Mikkel'),
  ...pair('nb', 'nb', 'Ingrid', 'Lars'),
  ...pair('fi', 'fi', 'Aino', 'Eero'),
  ...pair('pl', 'pl', 'Zofia', 'Jakub'),
  ...pair('cs', 'cs', 'Tereza', 'Tomáš'),
  ...pair('sk', 'sk', 'Zuzana', 'Marek'),
  ...pair('hr', 'hr', 'Ivana', 'Luka'),
  ...pair('ro', 'ro', 'Ioana', 'Andrei'),
  ...pair('hu', 'hu', 'Eszter', 'Bence'),
  ...pair('tr', 'tr', 'Elif', 'Emre'),
  ...pair('id', 'id', 'Dewi', 'Budi'),
  ...pair('vi', 'vi', 'Linh', 'Minh'),
  ...pair('ru', 'ru', 'Ольга', 'Дмитрий'),
  ...pair('uk', 'uk', 'Олена', 'Тарас'),
  ...pair('bg', 'bg', 'Елена', 'Георги'),
  ...pair('el', 'el', 'Ελένη', 'Νίκος'),
  ...pair('hi', 'hi', 'Priya', 'Arjun'),
  ...pair('ko', 'ko', '서연', '민준'),
];

/** espeak's languages for letters in a script that is not the voice's own. */
const DIALECT_OF_SCRIPT: Partial<Record<Script, string>> = {
  Han: 'cmn',
  Hangul: 'ko',
  Cyrillic: 'ru',
  Greek: 'el',
  Devanagari: 'hi',
  Kana: 'ja',
  Arabic: 'ar',
  Hebrew: 'he',
  Bengali: 'bn',
  Tamil: 'ta',
};

/** The espeak language that reads this foreign script within the speech of any voice; undefined when there is none. */
export const dialectOfScript = (script: Script): string | undefined => DIALECT_OF_SCRIPT[script];
