/**
 * Names that espeak reports where it has no IPA symbol for a phoneme, with the IPA they stand for. The Mandarin
 * syllabic consonants of zi/ci/si and zhi/chi/shi/ri have their customary letters ɿ and ʅ.
 */
const MNEMONICS: Readonly<Record<string, string>> = {
  's.': 'ʂ',
  'ts.': 'tʂ',
  'ts.h': 'tʂʰ',
  'ts.ʰ': 'tʂʰ',
  tsh: 'tsʰ',
  tɕh: 'tɕʰ',
  ph: 'pʰ',
  th: 'tʰ',
  kh: 'kʰ',
  'i.': 'ʅ',
  i̪: 'ɿ',
  'o-': 'ɤ',
  onɡ: 'ʊŋ',
  oenɡ: 'œŋ',
  unɡ: 'ʊŋ',
  aa: 'aː',
  sx: 'ɧ',
  'q-': 'k',
  ε: 'ɛ',
};

/** Primary and secondary stress, tone letters and tone digits. */
const PROSODY = /[ˈˌ˥-˩0-9]/gu;

/**
 * The IPA symbols of one phoneme name as espeak reports it: no stress, no tone; an empty string is a pause (espeak
 * gives pauses an empty name), as are the marks of a language switch such as `(en)`.
 */
export const ipaOfPhoneme = (name: string): string => {
  const bare = name.normalize('NFC').replace(PROSODY, '');
  if (bare.startsWith('(')) return '';
  return MNEMONICS[bare] ?? bare.replace(/-$/u, '');
};
