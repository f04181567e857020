export type Script =
  | 'Han'
  | 'Kana'
  | 'Hangul'
  | 'Cyrillic'
  | 'Greek'
  | 'Arabic'
  | 'Hebrew'
  | 'Devanagari'
  | 'Bengali'
  | 'Tamil'
  | 'Thai'
  | 'Latin'
  | 'Other';

/** Scripts that tell a language apart, with the language that text in them is taken for. */
const SCRIPTS: readonly (readonly [Script, string, RegExp])[] = [
  ['Han', 'zh', /\p{Script=Han}/u],
  ['Kana', 'ja', /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u],
  ['Hangul', 'ko', /\p{Script=Hangul}/u],
  ['Cyrillic', 'ru', /\p{Script=Cyrillic}/u],
  ['Greek', 'el', /\p{Script=Greek}/u],
  ['Arabic', 'ar', /\p{Script=Arabic}/u],
  ['Hebrew', 'he', /\p{Script=Hebrew}/u],
  ['Devanagari', 'hi', /\p{Script=Devanagari}/u],
  ['Bengali', 'bn', /\p{Script=Bengali}/u],
  ['Tamil', 'ta', /\p{Script=Tamil}/u],
  ['Thai', 'th', /\p{Script=Thai}/u],
  ['Latin', 'en', /\p{Script=Latin}/u],
  ['Other', 'und', /\p{L}/u],
];

/** The script of one letter; undefined for digits, punctuation, blanks and combining marks. */
export const scriptOf = (letter: string): Script | undefined =>
  SCRIPTS.find(([, , pattern]) => pattern.test(letter))?.[0];

/** The language that text in this script is taken for, `und` when it is not one we know. */
const languageOfScript = (script: Script): string => SCRIPTS.find(([name]) => name === script)?.[1] ?? 'und';

/** How many letters of a Latin word weigh as much as one character of a script that writes syllables or words. */
const LETTERS_PER_CHARACTER = 3;

/** The share of each script in the text, weighted so that a Chinese character counts like three Latin letters. */
export const scriptShares = (text: string): ReadonlyMap<Script, number> => {
  const weights = new Map<Script, number>();
  for (const letter of text) {
    const script = scriptOf(letter);
    if (script === undefined) continue;
    const dense = script === 'Han' || script === 'Kana' || script === 'Hangul';
    weights.set(script, (weights.get(script) ?? 0) + (dense ? LETTERS_PER_CHARACTER : 1));
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...weights].map(([script, weight]) => [script, weight / total]));
};

/** Frequent short words of a language, and letters that its neighbours lack. */
type Marks = { readonly words: string; readonly letters?: RegExp };

/** Languages that share a script; the first is what a text is taken for that shows no mark of any. */
const MARKS: Readonly<Partial<Record<Script, Readonly<Record<string, Marks>>>>> = {
  Latin: {
    en: {
      words:
        'the and of to is are was you that with for this it have not what hello my a i in on at we he she',
    },
    de: {
      words: 'der das und ist nicht ich sie mit ein eine auf für von zu den wir hallo dem',
      letters: /ß/giu,
    },
    fr: {
      words: 'le les et est une des dans pour vous nous je pas que avec sur du il c d j l n qu s bonjour ce',
      letters: /[êèœ]/giu,
    },
    es: {
      words: 'el los las y es una por para con no que está del usted muy pero qué hola',
      letters: /[¿¡ñ]/giu,
    },
    it: { words: 'il gli una per con non che di sono della questo anche più come ciao sei', letters: /ò/giu },
    pt: { words: 'o os as uma para com não que do da em você está muito por olá', letters: /[ãõ]/giu },
    nl: { words: 'het een van niet dat ik je met voor zijn maar ook wat naar deze dit graag de en is' },
    sv: { words: 'och att det är som inte jag på för med av den till har din dig hej vad' },
    da: { words: 'og at det er ikke jeg på for med af den til har dig hvad hej fra mig' },
    nb: { words: 'og å det er ikke jeg på for med av den til har deg hva hei fra meg' },
    fi: {
      words: 'ja on ei että se hän mutta kun niin olen tämä hei minä sinä mitä',
      letters: /ää|öö|yö|uo|äi|llä|ssä|än(?!\p{L})/giu,
    },
    pl: { words: 'w nie na się że jest to z do jak dzień dobry ten', letters: /[łżźśćńąę]/giu },
    cs: { words: 'a je se na že v to jsem ale jak dobrý den jste', letters: /[řěů]/giu },
    sk: { words: 'a je sa na že v to som ale ako dobrý deň ste', letters: /[ľĺŕô]/giu },
    hr: { words: 'i je se na da u za nije što sam dobar dan ovaj vam ću' },
    ro: { words: 'și nu este în la cu pe un să bună acest vă', letters: /[ășțâ]/giu },
    hu: { words: 'a az és hogy nem egy is van meg jó ezt', letters: /[őű]/giu },
    tr: { words: 'bir ve bu için de da ne çok mi merhaba', letters: /[ışğ]/gu },
    id: { words: 'yang dan di ini itu dengan untuk tidak ada saya anda halo' },
    vi: {
      words: 'là của và có không cho tôi được xin',
      letters: /[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư]/giu,
    },
  },
  Cyrillic: {
    ru: { words: 'что это как был его она они или вы мы с и я ты он не на', letters: /[ыэё]/giu },
    uk: { words: 'що це як був його вона вони або ви ми з і я ти він не на та', letters: /[іїєґ]/giu },
    bg: { words: 'ще че със това този тази съм сме ги към също които бъде е са се да за не на' },
  },
};

const languageAmong = (text: string, candidates: Readonly<Record<string, Marks>>): string => {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  let best = '';
  let most = -1;
  for (const [language, marks] of Object.entries(candidates)) {
    const known = marks.words.split(' ');
    const letters = marks.letters ? (text.match(marks.letters)?.length ?? 0) : 0;
    const count = words.filter((word) => known.includes(word)).length + letters;
    if (count > most) {
      best = language;
      most = count;
    }
  }
  return best;
};

/**
 * The language of a text by its script, of languages that share one by frequent words and letters of their own; `en` for digits alone. Chinese and
 * Japanese share characters: a tenth of kana makes it Japanese.
 */
export const textLanguage = (text: string): string => {
  const shares = scriptShares(text);
  const kana = shares.get('Kana') ?? 0;
  const main = [...shares].toSorted((a, b) => b[1] - a[1])[0]?.[0];
  if (main === undefined) return 'en';
  if (kana > 0.1 * (kana + (shares.get('Han') ?? 0)) && (main === 'Han' || main === 'Kana')) return 'ja';
  const candidates = MARKS[main];
  return candidates ? languageAmong(text, candidates) : languageOfScript(main);
};
