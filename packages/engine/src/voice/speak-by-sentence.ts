import type { Phone } from '../speech/phone.js';
import { normaliseText } from '../text/normalise.js';
import { splitSentences } from '../text/sentences.js';
import { spokenParts, writtenForm } from '../text/spoken-form.js';
import { withEvenEnds } from './even-ends.js';
import { normaliseLoudness } from './loudness.js';
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
export const atTempo = ({ samples, sampleRate, phones }: SpeechPiece, speed: number): SpeechPiece => ({
  samples: stretchTime(samples, sampleRate, speed),
  sampleRate,
  ...(phones && {
    phones: phones.map((phone) => ({ ...phone, start: phone.start / speed, end: phone.end / speed })),
  }),
});

/** Appends phones that start at `seconds`; pauses that touch become one. */
const appendPhones = (to: Phone[], phones: readonly Phone[], seconds: number): void => {
  for (const phone of phones) {
    const { start, end, ipa } = phone;
    const last = to.at(-1);
    if (ipa === '' && last?.ipa === '') to[to.length - 1] = { start: last.start, end: end + seconds, ipa };
    else to.push({ ...phone, start: start + seconds, end: end + seconds });
  }
};

export type SentenceSpeech = {
  /** Clean text, see `cleanText`. */
  readonly text: string;
  /** BCP 47 primary language that numbers and signs are read in. */
  readonly language: string;
  /** The tempo, which the silences follow; the pieces have it already. */
  readonly speed: number;
  /** Most characters of a piece. */
  readonly limit?: number;
  /** Speaks a sentence, or the part of it before or after a pause: at least one piece, all at the same sample rate. */
  readonly say: (words: string) => Promise<readonly SpeechPiece[]>;
};

/** Silence before and after each stretch of speech, whatever its voice leaves there, seconds at speed 1. */
const EDGE = 0.06;
/** Silence between two sentences, seconds at speed 1. */
const SENTENCE_PAUSE = 0.37;

/** Pieces and silences put one after another; phones are known when every piece had them. */
class JoinedSpeech {
  readonly #parts: Float32Array[] = [];
  readonly #phones: Phone[] = [];
  #isTimed = true;
  #length = 0;
  /** Seconds of silence that wait for a piece to tell the sample rate. */
  #waiting = 0;
  #sampleRate = 0;

  get seconds(): number {
    return this.#sampleRate === 0 ? 0 : this.#length / this.#sampleRate;
  }

  pause(seconds: number): void {
    this.#waiting += seconds;
    if (this.#sampleRate > 0) this.#settlePause();
  }

  add(piece: SpeechPiece): void {
    this.#sampleRate = piece.sampleRate;
    this.#settlePause();
    this.#append(piece.samples, piece.phones);
  }

  join(): Omit<Utterance, 'sentences'> {
    const samples = new Float32Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      samples.set(part, at);
      at += part.length;
    }
    normaliseLoudness(samples, this.#sampleRate);
    return { samples, sampleRate: this.#sampleRate, ...(this.#isTimed && { phones: this.#phones }) };
  }

  #settlePause(): void {
    const silence = new Float32Array(Math.round(this.#waiting * this.#sampleRate));
    this.#waiting = 0;
    if (silence.length > 0)
      this.#append(silence, [{ start: 0, end: silence.length / this.#sampleRate, ipa: '' }]);
  }

  #append(samples: Float32Array, phones: readonly Phone[] | undefined): void {
    if (phones === undefined) this.#isTimed = false;
    else appendPhones(this.#phones, phones, this.seconds);
    this.#parts.push(samples);
    this.#length += samples.length;
  }
}

/**
 * Speaks a text sentence by sentence and puts the pieces one after another, with the pauses that the text asks for, at the common
 * loudness and with the same silences for every voice. The result has phones only when every piece had them.
 */
export const speakBySentence = async (speech: SentenceSpeech): Promise<Utterance> => {
  const { text, language, speed, limit, say } = speech;
  const edge = EDGE / speed;
  const joined = new JoinedSpeech();
  const sentences: SpokenSentence[] = [];
  /** Silence from sound to sound that is due. */
  let due = 0;
  /** @param edges around speech that are a part of it */
  const pause = (edges: number): void => {
    joined.pause(Math.max(0, due - edges * edge));
    due = 0;
  };
  let hasSpoken = false;
  for (const sentence of splitSentences(text, limit)) {
    if (sentences.length > 0) due += SENTENCE_PAUSE / speed;
    let start: number | undefined;
    for (const part of spokenParts(sentence)) {
      if ('pauseSeconds' in part) {
        due += part.pauseSeconds;
        continue;
      }
      const pieces = withEvenEnds(await say(normaliseText(part.text, language)), edge);
      pause(hasSpoken ? 2 : 1);
      hasSpoken = true;
      start ??= joined.seconds;
      for (const piece of pieces) joined.add(piece);
    }
    if (start !== undefined) sentences.push({ start, end: joined.seconds, text: writtenForm(sentence) });
  }
  pause(1);
  return { ...joined.join(), sentences };
};
