import { SpeechParameterError } from '../errors/speech-parameter-error.js';
import { UnknownVoiceError } from '../errors/unknown-voice-error.js';
import { VoiceFailedError } from '../errors/voice-failed-error.js';
import { VoiceLanguageError } from '../errors/voice-language-error.js';
import { cleanText } from '../text/clean-text.js';
import { scriptShares } from '../text/script.js';
import { spokenForm } from '../text/spoken-form.js';
import { KNOWN_LANGUAGES, textLanguage } from '../text/text-language.js';
import { nearVoices } from './near-voices.js';
import { ANY_LANGUAGE, describeVoice, reads, requireLanguage } from './voice-language.js';
import type { Utterance, Voice, VoiceProvider } from './voice-provider.js';

/** What shall be said, and how. */
type SpeechWish = {
  /** Any text; SSML is carried out (see `carryOutMarkup`), emoji and other markup are left out. */
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
  /** The text as it was given, with its markup. */
  readonly text: string;
  /** What was left out of the text or of the voices, in English, for the user. */
  readonly notices: readonly string[];
};

/** All voices of all providers. */
export type VoiceCatalogue = {
  /**
   * Voices of the providers in their order; the first that speaks a language, or any, is its default. A provider that fails (a server
   * that is down) is left out, unless there is no other.
   */
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

/** What the providers offer now, and why some offer nothing. */
type Offer = { readonly voices: readonly Voice[]; readonly failures: readonly unknown[] };

const offers = async (providers: readonly VoiceProvider[]): Promise<Offer> => {
  const answers = await Promise.allSettled(providers.map((provider) => provider.voices()));
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  const voices = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return { voices, failures };
};

const findVoice = (wanted: string, { voices, failures }: Offer): Voice => {
  const key = wanted.trim().toLowerCase();
  const found =
    voices.find(({ id }) => id.toLowerCase() === key) ??
    voices.find(({ name }) => name.toLowerCase() === key);
  if (found !== undefined) return found;
  // The voice may belong to a provider that is down.
  if (failures.length > 0) throw failures[0];
  throw new UnknownVoiceError(wanted, nearVoices(wanted, voices).map(describeVoice));
};

/** A part of a text that is spoken in another language than the rest: a name may be, a tenth of the text is more. */
const MIXED_SHARE = 0.1;

/** Whether Chinese and English stand together in this text. */
const isMixed = (text: string): boolean => {
  const shares = scriptShares(text);
  return (shares.get('Han') ?? 0) > MIXED_SHARE && (shares.get('Latin') ?? 0) > MIXED_SHARE;
};

const isBilingual = (voice: Voice): boolean => reads(voice, 'zh') && reads(voice, 'en');

/**
 * The voice that reads a text unasked: of the first provider with one for its language. There, a text of Chinese and
 * English wants one that reads both, any other one whose own language it is.
 */
const defaultVoice = async (text: string, { voices, failures }: Offer): Promise<Voice> => {
  const spoken = new Set(voices.flatMap(({ language, languages }) => languages ?? [language]));
  const language = await textLanguage(text, spoken.has(ANY_LANGUAGE) ? KNOWN_LANGUAGES : [...spoken]);
  const [first] = voices.filter((candidate) => reads(candidate, language));
  const fitting = voices.filter(
    (candidate) => candidate.provider === first?.provider && reads(candidate, language),
  );
  const voice =
    (isMixed(text) ? fitting.find(isBilingual) : undefined) ??
    fitting.find((candidate) => candidate.language === language) ??
    first;
  if (voice !== undefined) return voice;
  if (failures.length > 0) throw failures[0];
  throw new VoiceLanguageError(text, language, undefined, []);
};

const leftOut = (failure: unknown): string => `Some voices could not be used: ${(failure as Error).message}`;

/** @param providers in the order in which their voices are preferred. */
export const createVoiceCatalogue = (providers: readonly VoiceProvider[]): VoiceCatalogue => ({
  voices: async () => {
    const { voices, failures } = await offers(providers);
    if (voices.length === 0 && failures.length > 0) throw failures[0];
    return voices;
  },
  find: async (wanted) => findVoice(wanted, await offers(providers)),
  speak: async (wish, signal) => {
    const { speed = 1, pitch = 1 } = wish;
    requireRange('speed', speed, 0.5, 2);
    requireRange('pitch', pitch, 0.1, 3);
    const { text, notices } = cleanText(wish.text);
    const words = spokenForm(text);
    const offer = await offers(providers);
    const voice = wish.voice === undefined ? await defaultVoice(words, offer) : findVoice(wish.voice, offer);
    await requireLanguage(words, voice, offer.voices);
    const provider = providers.find(({ name }) => name === voice.provider);
    if (provider === undefined)
      throw new VoiceFailedError(voice.provider, 'it is gone', 'Choose another voice.');
    const spoken = await provider.speak({ text, voice, speed, pitch }, signal);
    return { ...spoken, voice, text: wish.text, notices: [...notices, ...offer.failures.map(leftOut)] };
  },
  close: async () => {
    await Promise.all(providers.map((provider) => provider.close()));
  },
});
