import type { TimedPhone } from '../phone-times.js';
import { withClosures } from './closures.js';
import { HOP, loadDecoder } from './decoder.js';
import { loadFront } from './front.js';
import { BEGIN_ID, END_ID, PAD_ID, type Phoneme, phonemesOf, type Transcribe } from './phonemes.js';

/** All sanoTTS voices have this rate. */
export const SAMPLE_RATE = 22_050;

type NeuralSpeech = { readonly samples: Float32Array; readonly phones: readonly TimedPhone[] };

/** Reads a sentence; `lengthScale` lengthens every sound. */
export type Speak = (sentence: string, lengthScale: number) => Promise<NeuralSpeech>;

/**
 * Times of the phonemes from the frames of their ids, each of which is followed by a pad. Begin and end are silence;
 * the boundary between words goes with the sound before it.
 */
const phonesOf = (phonemes: readonly Phoneme[], durations: readonly number[]): readonly TimedPhone[] => {
  const phones: { start: number; end: number; ipa: string }[] = [];
  let frames = 0;
  let index = 0;
  const take = (ids: number, ipa: string, joins: boolean): void => {
    const start = frames;
    for (const stop = index + ids; index < stop; index++) frames += durations[index]!;
    const last = phones.at(-1);
    const end = (frames * HOP) / SAMPLE_RATE;
    if (last && (joins || last.ipa === ipa)) last.end = end;
    else phones.push({ start: (start * HOP) / SAMPLE_RATE, end, ipa });
  };
  take(2, '', false);
  for (const { ipa, ids, isPause } of phonemes) take(2 * ids.length, ipa, ipa === '' && !isPause);
  take(1, '', false);
  return phones;
};

/**
 * Loads the two networks of a voice.
 *
 * @throws Error when a file is no such network, or onnxruntime is missing.
 */
export const loadVoice = async (
  front: Uint8Array,
  decoder: Uint8Array,
  transcribe: Transcribe,
): Promise<Speak> => {
  const first = await loadFront(front);
  const decode = await loadDecoder(decoder);
  return async (sentence, lengthScale) => {
    const phonemes = phonemesOf(sentence, first.vocabulary, transcribe);
    if (phonemes.length === 0) return { samples: new Float32Array(0), phones: [] };
    const inner = phonemes.flatMap(({ ids }) => ids.flatMap((id) => [id, PAD_ID]));
    const ids = [BEGIN_ID, PAD_ID, ...inner, END_ID];
    const { latent, durations } = await first.say(ids, lengthScale);
    const samples = await decode(latent);
    return { samples, phones: withClosures(phonesOf(phonemes, durations), samples, SAMPLE_RATE) };
  };
};
