import type { EspeakEvent } from '@echogarden/espeak-ng-emscripten';
import { ipaOfPhoneme } from './ipa.js';

/** One speech sound. Times in seconds from the start of the speech; an empty `ipa` is a pause. */
export type TimedPhone = {
  readonly start: number;
  readonly end: number;
  readonly ipa: string;
  /** The word of the text that begins with it. */
  readonly word?: string;
};

/** The words of a text by the place of their first character, as espeak counts from 1; signs around them are left out. */
const wordsAt = (text: string, events: readonly EspeakEvent[]): ReadonlyMap<EspeakEvent, string> => {
  const characters = [...text];
  const starts = events.filter(({ type }) => type === 'word');
  return new Map(
    starts.map((event, index) => {
      const end = starts[index + 1]?.text_position ?? characters.length + 1;
      const word = characters.slice(event.text_position - 1, end - 1).join('');
      return [event, word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')];
    }),
  );
};

/** The longest silence before a burst that can be the closure of the stop and nothing else. */
const LONGEST_CLOSURE = 0.09;
/** The part of a longer silence, a pause, that is taken for the closure of the stop after it. */
const CLOSURE_AFTER_PAUSE = 0.06;
/** Length of the pieces that are judged silent or not. */
const PIECE = 0.005;
/** -50 dB of full scale. */
const SILENCE_RMS = 0.00316;

const VOICELESS_STOP = /^[ptkcqʈ]/u;

/** Seconds of the silent closure that ends with the burst at `time`. */
const closureBefore = (samples: Int16Array, sampleRate: number, time: number): number => {
  const piece = Math.round(PIECE * sampleRate);
  let end = Math.round(time * sampleRate);
  let silence = 0;
  while (end - piece >= 0) {
    let energy = 0;
    for (const sample of samples.subarray(end - piece, end)) energy += (sample / 32768) ** 2;
    if (Math.sqrt(energy / piece) > SILENCE_RMS) break;
    end -= piece;
    silence += PIECE;
    if (silence > LONGEST_CLOSURE) return CLOSURE_AFTER_PAUSE;
  }
  return silence;
};

/**
 * Times of the speech sounds from espeak's phoneme events. espeak reports a voiceless stop at its burst and leaves
 * its silent closure to the sound before it; here the closure belongs to the stop, because that is when lips shut.
 * Pauses that touch are joined.
 */
export const phoneTimes = (
  events: readonly EspeakEvent[],
  samples: Int16Array,
  sampleRate: number,
  text: string,
): readonly TimedPhone[] => {
  const words = wordsAt(text, events);
  let word = '';
  const duration = samples.length / sampleRate;
  const phones: { start: number; end: number; ipa: string; word?: string }[] = [];
  const begin = (start: number, ipa: string): void => {
    const last = phones.at(-1);
    if (last !== undefined) last.end = start;
    if (last?.ipa === '' && ipa === '') return;
    phones.push({ start, end: duration, ipa, ...(word && ipa && { word }) });
    if (ipa) word = '';
  };
  begin(0, '');
  for (const event of events) {
    word = words.get(event) || word;
    if (event.type !== 'phoneme' || typeof event.id !== 'string') continue;
    const ipa = ipaOfPhoneme(event.id);
    const time = Math.min(event.audio_position / 1000, duration);
    const start = VOICELESS_STOP.test(ipa) ? time - closureBefore(samples, sampleRate, time) : time;
    for (let last = phones.at(-1); last?.ipa === '' && last.start >= start; last = phones.at(-1))
      phones.pop();
    begin(Math.max(start, phones.at(-1)?.start ?? 0), ipa);
  }
  const last = phones.at(-1);
  if (last !== undefined) last.end = duration;
  return phones.filter((phone) => phone.end > phone.start);
};
