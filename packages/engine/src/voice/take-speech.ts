import type { PrepareOptions } from '../lip-sync-options.js';
import { hearAudio } from '../media/decode-audio.js';
import { type Sound, soundOfFile, soundOfSamples } from '../media/sound.js';
import type { Phone } from '../speech/phone.js';
import { openVoices } from './open-voices.js';
import { resample } from './time-stretch.js';
import type { VoicedSpeech } from './voice-catalogue.js';
import { ANY_LANGUAGE } from './voice-language.js';
import type { SpokenSentence, Voice } from './voice-provider.js';

/** What is said, as sound. */
type SpeechSound = {
  /** Mono, -1 to 1: what moves the mouth. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** What is heard in the video. */
  readonly sound: Sound;
  /** The same sound at {@link LISTENING_RATE}. */
  readonly listening: Float32Array;
};

/** The phones in time, as the voice that read them says. */
type KnownPhones = {
  readonly known: 'phones';
  readonly voice: Voice;
  readonly phones: readonly Phone[];
  readonly sentences?: readonly SpokenSentence[];
};

/** The words, which have yet to be found in the sound. */
type KnownWords = {
  readonly known: 'words';
  /** With their BCP 47 primary language (`mul`: to be seen from the words). */
  readonly words: { readonly text: string; readonly language: string };
  /** The voice that read them; absent for a recording. */
  readonly voice?: Voice;
  /** Where the voice tells when it said them. */
  readonly sentences?: readonly SpokenSentence[];
};

/** What is said, as sound, with what is known about it. */
export type Speech = SpeechSound & (KnownPhones | KnownWords | { readonly known: 'sound' });

/** Rate that the speech net listens at. */
export const LISTENING_RATE = 16_000;

const OPPOSED =
  'Left and right of the recording are the opposite of each other, which one loudspeaker alone would not play. ' +
  'The right one was turned round.';

/**
 * Has the text read, takes what was read already, or decodes the recording.
 *
 * @throws EmptyTextError, UnknownVoiceError, VoiceLanguageError, SpeechParameterError, VoiceFailedError, NoSpeechTrackError
 */
export const takeSpeech = async (options: PrepareOptions): Promise<Speech> => {
  const { speech, signal, onNotice } = options;
  if ('spoken' in speech) return speechOf(speech.spoken, options);
  if ('text' in speech) return readAloud(speech, options);
  const { samples, opposed, audio } = await hearAudio(speech.audio, LISTENING_RATE, { signal });
  if (opposed) onNotice?.(OPPOSED);
  const { transcript } = speech;
  const heard = {
    samples,
    sampleRate: LISTENING_RATE,
    listening: samples,
    sound: soundOfFile(speech.audio, audio, opposed),
  };
  return transcript === undefined
    ? { ...heard, known: 'sound' }
    : { ...heard, known: 'words', words: { text: transcript, language: ANY_LANGUAGE } };
};

const readAloud = async (
  { text, voice, speed, pitch }: Extract<PrepareOptions['speech'], { text: string }>,
  { voices: settings, signal, onNotice }: PrepareOptions,
): Promise<Speech> => {
  const voices = openVoices(settings);
  try {
    const spoken = await voices.speak(
      {
        text,
        ...(voice === undefined ? {} : { voice }),
        ...(speed === undefined ? {} : { speed }),
        ...(pitch === undefined ? {} : { pitch }),
      },
      signal,
    );
    return speechOf(spoken, { onNotice });
  } finally {
    await voices.close();
  }
};

const speechOf = (
  { samples, sampleRate, phones, sentences, voice, text, notices }: VoicedSpeech,
  { onNotice }: Pick<PrepareOptions, 'onNotice'>,
): Speech => {
  for (const notice of notices) onNotice?.(notice);
  const listening = resample(samples, Math.round((samples.length * LISTENING_RATE) / sampleRate));
  const sound = soundOfSamples(samples, sampleRate);
  const read = { samples, sampleRate, listening, sound, voice, sentences };
  // A voice of several languages does not tell which one the text is in.
  const language = voice.languages ? ANY_LANGUAGE : voice.language;
  return phones
    ? { ...read, known: 'phones', phones }
    : { ...read, known: 'words', words: { text, language } };
};
