import { SpeechParameterError } from '../errors/speech-parameter-error.js';
import { UnknownVoiceError } from '../errors/unknown-voice-error.js';
import { VoiceFailedError } from '../errors/voice-failed-error.js';
import { VoiceLanguageError } from '../errors/voice-language-error.js';
import { cleanText } from './clean-text.js';
import { nearVoices } from './near-voices.js';
import { textLanguage } from './text-language.js';
import { ANY_LANGUAGE, describeVoice, requireLanguage } from './voice-language.js';
import type { Utterance, Voice, VoiceProvider } from './voice-provider.js';

/** What shall be said, and how. */
export type SpeechWish = {
  /** Any text; emoji and markup are left out of what is spoken. */
  readonly text: string;
  /** Id or name of a voice; by default the first voice of the text's language. */
  readonly voice?: string;
  /** 0.5 to 2, default 1. */
  readonly speed?: number;
  /** 0.1 to 3, default 1. */
  readonly pitch?: number;
};

/** The speech, with what a user may want to know about it. */
export type VoicedSpeech = Utterance & {
  readonly voice: Voice;
  /** The text as it was spoken. */
  readonly text: string;
  /** What was left out of the text, in English, for the user. */
  readonly notices: readonly string[];
};

/** All voices of all providers. */
export type VoiceCatalogue = {
  /** Voices of the providers in their order; in each language the default comes first. */
  voices(): Promise<readonly Voice[]>;
  /**
   * The voice with this id or (any case) name.
   *
   * @throws UnknownVoiceError
   */
  find(idOrName: string): Promise<Voice>;
  /**
   * Reads text aloud.
   *
   * @throws EmptyTextError, UnknownVoiceError, VoiceLanguageError, SpeechParameterError, VoiceFailedError
   * @throws the signal's reason when aborted.
   */
  speak(wish: SpeechWish, signal?: AbortSignal): Promise<VoicedSpeech>;
  close(): Promise<void>;
};

const requireRange = (name: 'speed' | 'pitch', value: number, low: number, high: number): void => {
  if (!(value >= low && value <= high)) throw new SpeechParameterError(name, value, low, high);
};

const defaultVoice = (text: string, voices: readonly Voice[]): Voice => {
  const language = textLanguage(text);
  const voice =
    voices.find((candidate) => candidate.language === language) ??
    voices.find((candidate) => candidate.language === ANY_LANGUAGE);
  if (voice === undefined) throw new VoiceLanguageError(text, language, undefined, []);
  return voice;
};

/** @param providers in the order in which their voices are preferred. */
export const createVoiceCatalogue = (providers: readonly VoiceProvider[]): VoiceCatalogue => {
  const voices = async (): Promise<readonly Voice[]> =>
    (await Promise.all(providers.map((provider) => provider.voices()))).flat();

  const find = async (wanted: string): Promise<Voice> => {
    const all = await voices();
    const key = wanted.trim().toLowerCase();
    const found =
      all.find(({ id }) => id.toLowerCase() === key) ?? all.find(({ name }) => name.toLowerCase() === key);
    if (found === undefined) throw new UnknownVoiceError(wanted, nearVoices(wanted, all).map(describeVoice));
    return found;
  };

  const speak = async (wish: SpeechWish, signal?: AbortSignal): Promise<VoicedSpeech> => {
    const { speed = 1, pitch = 1 } = wish;
    requireRange('speed', speed, 0.5, 2);
    requireRange('pitch', pitch, 0.1, 3);
    const { text, notices } = cleanText(wish.text);
    const all = await voices();
    const voice = wish.voice === undefined ? defaultVoice(text, all) : await find(wish.voice);
    requireLanguage(text, voice, all);
    const provider = providers.find(({ name }) => name === voice.provider);
    if (provider === undefined)
      throw new VoiceFailedError(voice.provider, 'it is gone', 'Choose another voice.');
    return { ...(await provider.speak({ text, voice, speed, pitch }, signal)), voice, text, notices };
  };

  return {
    voices,
    find,
    speak,
    close: async () => {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
};
