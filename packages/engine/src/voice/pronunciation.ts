import { cleanText } from '../text/clean-text.js';
import { spokenForm } from '../text/spoken-form.js';
import { textLanguage } from '../text/text-language.js';
import { createEspeakProvider } from './espeak-provider.js';
import { createFliteProvider } from './flite-provider.js';
import { ANY_LANGUAGE } from './voice-language.js';
import type { VoiceProvider } from './voice-provider.js';

/** How a text is pronounced. */
export type Pronunciation = readonly PronouncedSentence[];

type PronouncedSentence = {
  readonly text: string;
  /** Its phones in order; an empty string is a place where a speaker may pause. */
  readonly ipa: readonly string[];
  /** For each of them the word that begins with it, '' where none does. */
  readonly words: readonly string[];
};

const readBy = async (
  provider: VoiceProvider,
  text: string,
  language: string,
  signal: AbortSignal | undefined,
): Promise<Pronunciation | undefined> => {
  const voice = (await provider.voices()).find((candidate) => candidate.language === language);
  if (voice === undefined) return undefined;
  const { phones = [], sentences } = await provider.speak({ text, voice, speed: 1, pitch: 1 }, signal);
  return sentences.map(({ start, end, text: sentence }) => {
    const own = phones.filter((phone) => phone.start >= start && phone.start < end);
    return { text: sentence, ipa: own.map(({ ipa }) => ipa), words: own.map(({ word = '' }) => word) };
  });
};

/**
 * Asks a voice with phone times how it reads the text; where espeak is not installed, flite does for English.
 *
 * @param language BCP 47 primary language; `mul` takes the text's own
 * @returns undefined when no such voice speaks the language
 * @throws EmptyTextError, VoiceFailedError
 */
export const pronounce = async (
  raw: string,
  language: string,
  signal?: AbortSignal,
): Promise<Pronunciation | undefined> => {
  const { text } = cleanText(raw);
  const spoken = language === ANY_LANGUAGE ? await textLanguage(spokenForm(text)) : language;
  for (const provider of [createEspeakProvider(), createFliteProvider()]) {
    try {
      const pronunciation = await readBy(provider, text, spoken, signal);
      if (pronunciation) return pronunciation;
    } finally {
      await provider.close();
    }
  }
  return undefined;
};
