import { VoiceLanguageError } from '../errors/voice-language-error.js';
import { type Script, scriptShares } from '../text/script.js';
import { textLanguage } from '../text/text-language.js';
import type { Voice } from './voice-provider.js';

const SCRIPT_OF_LANGUAGE: Readonly<Record<string, Script>> = {
  zh: 'Han',
  yue: 'Han',
  ja: 'Kana',
  ko: 'Hangul',
  ru: 'Cyrillic',
  uk: 'Cyrillic',
  bg: 'Cyrillic',
  el: 'Greek',
  hi: 'Devanagari',
  ar: 'Arabic',
  he: 'Hebrew',
  bn: 'Bengali',
  ta: 'Tamil',
  th: 'Thai',
};

/** The script that a language is written in. */
const scriptOfLanguage = (language: string): Script => SCRIPT_OF_LANGUAGE[language] ?? 'Latin';

/** The language of voices that read every language. */
export const ANY_LANGUAGE = 'mul';

/** Scripts that a voice of this language reads all day long. Latin words occur in every language. */
export const readableScripts = (language: string): readonly Script[] => {
  const own = scriptOfLanguage(language);
  return language === 'ja' ? ['Kana', 'Han', 'Latin'] : own === 'Latin' ? ['Latin'] : [own, 'Latin'];
};

/** Whether a voice reads this language, as its own or beside it. */
export const reads = (voice: Voice, language: string): boolean =>
  voice.language === ANY_LANGUAGE ||
  voice.language === language ||
  voice.languages?.includes(language) === true;

/** How a voice is named to a user. */
export const describeVoice = (voice: Voice): string => `${voice.name} (${voice.language}, ${voice.id})`;

/**
 * Refuses text of which the voice could read less than half. Latin text passes for every voice,
 * any text for a voice of {@link ANY_LANGUAGE}.
 *
 * @throws VoiceLanguageError that names voices that fit.
 */
export const requireLanguage = async (
  text: string,
  voice: Voice,
  voices: readonly Voice[],
): Promise<void> => {
  if (voice.language === ANY_LANGUAGE) return;
  const shares = scriptShares(text);
  const readable = new Set((voice.languages ?? [voice.language]).flatMap(readableScripts));
  const known = [...readable].reduce((sum, script) => sum + (shares.get(script) ?? 0), 0);
  if (shares.size === 0 || known >= 0.5) return;
  const language = await textLanguage(text);
  const fitting = voices.filter((candidate) => reads(candidate, language));
  throw new VoiceLanguageError(text, language, describeVoice(voice), fitting.slice(0, 4).map(describeVoice));
};
