import type { Phone } from '../speech/phone.js';
import type { SpokenSentence, Utterance } from './voice-provider.js';

/** A piece of speech, such as a provider gives for one sentence. */
export type SpeechPiece = {
  readonly samples: Float32Array;
  readonly sampleRate: number;
  readonly phones?: readonly Phone[];
};

/** Puts pieces of speech and pauses one after another and keeps count of the time. */
export type SpeechJoiner = {
  /** Appends the pieces of one sentence. */
  sentence(text: string, pieces: readonly SpeechPiece[]): void;
  pause(seconds: number): void;
  /** The whole; phones only when every piece had them. */
  utterance(): Utterance;
};

/** Appends phones that start at `seconds`; pauses that touch become one. */
const appendPhones = (to: Phone[], phones: readonly Phone[], seconds: number): void => {
  for (const { start, end, ipa } of phones) {
    const last = to.at(-1);
    if (ipa === '' && last?.ipa === '') to[to.length - 1] = { start: last.start, end: end + seconds, ipa };
    else to.push({ start: start + seconds, end: end + seconds, ipa });
  }
};

/** @param sampleRate the sample rate of every piece. */
export const createSpeechJoiner = (sampleRate: number): SpeechJoiner => {
  const pieces: Float32Array[] = [];
  const phones: Phone[] = [];
  const sentences: SpokenSentence[] = [];
  let timed = true;
  let length = 0;

  const append = (samples: Float32Array): void => {
    pieces.push(samples);
    length += samples.length;
  };

  return {
    sentence(text, parts) {
      const start = length / sampleRate;
      for (const part of parts) {
        if (part.phones === undefined) timed = false;
        else appendPhones(phones, part.phones, length / sampleRate);
        append(part.samples);
      }
      sentences.push({ start, end: length / sampleRate, text });
    },
    pause(seconds) {
      const samples = new Float32Array(Math.round(seconds * sampleRate));
      appendPhones(phones, [{ start: 0, end: samples.length / sampleRate, ipa: '' }], length / sampleRate);
      append(samples);
    },
    utterance() {
      const samples = new Float32Array(length);
      let at = 0;
      for (const piece of pieces) {
        samples.set(piece, at);
        at += piece.length;
      }
      return { samples, sampleRate, sentences, ...(timed && { phones }) };
    },
  };
};
