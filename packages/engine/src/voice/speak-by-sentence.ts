import type { Phone } from '../speech/phone.js';
import { normaliseLoudness } from './loudness.js';
import { splitSentences } from './sentences.js';
import { stretchTime } from './time-stretch.js';
import type { SpokenSentence, Utterance } from './voice-provider.js';

/** A piece of speech, such as a provider gives for one sentence. */
export type SpeechPiece = {
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** Phones in time from the start of the piece, where they are known. */
  readonly phones?: readonly Phone[];
};

/** The piece `speed` times as fast, its phones too. */
export const hurried = ({ samples, sampleRate, phones }: SpeechPiece, speed: number): SpeechPiece => ({
  samples: stretchTime(samples, sampleRate, speed),
  sampleRate,
  ...(phones && {
    phones: phones.map(({ start, end, ipa }) => ({ start: start / speed, end: end / speed, ipa })),
  }),
});

/** Appends phones that start at `seconds`; pauses that touch become one. */
const appendPhones = (to: Phone[], phones: readonly Phone[], seconds: number): void => {
  for (const { start, end, ipa } of phones) {
    const last = to.at(-1);
    if (ipa === '' && last?.ipa === '') to[to.length - 1] = { start: last.start, end: end + seconds, ipa };
    else to.push({ start: start + seconds, end: end + seconds, ipa });
  }
};

export type SentenceSpeech = {
  readonly text: string;
  /** Silence between sentences, seconds. */
  readonly pause: number;
  /** Most characters of a piece. */
  readonly limit?: number;
  /** Speaks one sentence, at least one piece, all at the same sample rate. */
  readonly say: (sentence: string) => Promise<readonly SpeechPiece[]>;
};

/**
 * Speaks a text sentence by sentence and puts the pieces one after another, at the common loudness. The result has
 * phones only when every piece had them.
 */
export const speakBySentence = async ({ text, pause, limit, say }: SentenceSpeech): Promise<Utterance> => {
  const parts: Float32Array[] = [];
  const phones: Phone[] = [];
  const sentences: SpokenSentence[] = [];
  let timed = true;
  let sampleRate = 0;
  let length = 0;

  const append = (samples: Float32Array, sounds: readonly Phone[] | undefined): void => {
    if (sounds === undefined) timed = false;
    else appendPhones(phones, sounds, length / sampleRate);
    parts.push(samples);
    length += samples.length;
  };

  for (const sentence of splitSentences(text, limit)) {
    const pieces = await say(sentence);
    sampleRate = pieces[0].sampleRate;
    if (sentences.length > 0) {
      const silence = new Float32Array(Math.round(pause * sampleRate));
      append(silence, [{ start: 0, end: silence.length / sampleRate, ipa: '' }]);
    }
    const start = length / sampleRate;
    for (const piece of pieces) append(piece.samples, piece.phones);
    sentences.push({ start, end: length / sampleRate, text: sentence });
  }

  const samples = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  normaliseLoudness(samples, sampleRate);
  return { samples, sampleRate, sentences, ...(timed && { phones }) };
};
