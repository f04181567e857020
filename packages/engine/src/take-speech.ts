import type { LipSyncOptions } from './lip-sync-options.js';
import { decodeAudio } from './media/decode-audio.js';
import { mouthTrackFromCurves } from './mouth/mouth-from-curves.js';
import { mouthTrackFromPhones } from './mouth/mouth-from-phones.js';
import type { MouthTrack } from './mouth/mouth-track.js';
import { speechLevel } from './mouth/speech-level.js';
import { listenToSpeech } from './speech/listen-to-speech.js';
import type { Phone } from './speech/phone.js';
import { createEspeakProvider } from './voice/espeak-provider.js';
import { createFliteProvider } from './voice/flite-provider.js';
import { createVoiceCatalogue, type VoiceCatalogue } from './voice/voice-catalogue.js';
import type { Voice } from './voice/voice-provider.js';

/** What is said, as sound, with what is known about it. */
export type Speech = {
  /** Mono, -1 to 1. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** Phones in time, when a voice read the text and said them. */
  readonly phones?: readonly Phone[];
  readonly voice?: Voice;
  /** The same sound at {@link LISTENING_RATE}, for a recording. */
  readonly listening?: Float32Array;
};

/** Rate of the sound in the video. */
const VIDEO_SAMPLE_RATE = 48_000;
/** Rate that the speech net listens at. */
const LISTENING_RATE = 16_000;

/** The voices of this engine. Close it when done. */
export const openVoices = (): VoiceCatalogue =>
  createVoiceCatalogue([createEspeakProvider(), createFliteProvider()]);

/**
 * Has the text read, or decodes the recording.
 *
 * @throws EmptyTextError, UnknownVoiceError, VoiceLanguageError, SpeechParameterError, VoiceFailedError, NoSpeechTrackError
 */
export const takeSpeech = async ({ speech, signal, onNotice }: LipSyncOptions): Promise<Speech> => {
  if ('audio' in speech) {
    const [samples, listening] = await Promise.all([
      decodeAudio(speech.audio, VIDEO_SAMPLE_RATE, signal),
      decodeAudio(speech.audio, LISTENING_RATE, signal),
    ]);
    return { samples, sampleRate: VIDEO_SAMPLE_RATE, listening };
  }
  const voices = openVoices();
  try {
    const { text, voice, speed, pitch } = speech;
    const spoken = await voices.speak(
      {
        text,
        ...(voice === undefined ? {} : { voice }),
        ...(speed === undefined ? {} : { speed }),
        ...(pitch === undefined ? {} : { pitch }),
      },
      signal,
    );
    for (const notice of spoken.notices) onNotice?.(notice);
    return spoken;
  } finally {
    await voices.close();
  }
};

/** What a mouth does while this is said: from the phones where they are known, else from the sound. */
export const mouthOfSpeech = async (
  speech: Speech,
  fps: number,
  signal: AbortSignal | undefined,
): Promise<MouthTrack> => {
  const { samples, sampleRate, phones } = speech;
  const pooling = { durationSeconds: samples.length / sampleRate, fps };
  const level = speechLevel(samples, sampleRate);
  if (phones) return mouthTrackFromPhones(phones, { ...pooling, level });
  const heard = await listenToSpeech(speech.listening ?? new Float32Array(0), signal);
  return mouthTrackFromCurves({ ...heard, rate: heard.rateHz }, { ...pooling, level });
};
