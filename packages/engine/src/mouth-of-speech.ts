import { TranscriptMismatchError } from './errors/transcript-mismatch-error.js';
import type { LipSyncOptions } from './lip-sync-options.js';
import type { MouthMovement } from './mouth/mouth-movement.js';
import { movementFromPhones } from './mouth/movement-from-phones.js';
import { movementFromSound } from './mouth/movement-from-sound.js';
import { speechLevel } from './mouth/speech-level.js';
import { alignSentences, type SentenceAlignment } from './speech/align-sentences.js';
import { listenToSpeech } from './speech/listen-to-speech.js';
import type { SpeechFeatures } from './speech/speech-features.js';
import type { Speech } from './take-speech.js';
import { pronounce } from './voice/pronunciation.js';
import type { SpokenSentence } from './voice/voice-provider.js';

/** What the mouth goes by: phones that the voice told, those of known words found in the sound, or the sound alone. */
export type DrivenBy = 'phones' | 'aligned-phones' | 'sound';

export type MouthOfSpeech = {
  readonly movement: MouthMovement;
  readonly drivenBy: DrivenBy;
  /** When each sentence is said; absent when the words are not known or not found. */
  readonly sentences?: readonly SpokenSentence[];
};

/**
 * What a mouth does while this is said: from the voice's phones, else from the phones of the known words, aligned with the
 * sound, else from the sound alone.
 *
 * @throws TranscriptMismatchError when subtitles are wanted and the words are not found
 */
export const mouthOfSpeech = async (speech: Speech, options: LipSyncOptions): Promise<MouthOfSpeech> => {
  const { samples, sampleRate, phones, sentences } = speech;
  const durationSeconds = samples.length / sampleRate;
  const level = speechLevel(samples, sampleRate);
  if (phones)
    return {
      movement: movementFromPhones(phones, durationSeconds, level),
      drivenBy: 'phones',
      ...(sentences && { sentences }),
    };
  const heard = await listenToSpeech(speech.listening ?? new Float32Array(0), options.signal);
  const found = await findWords(speech, heard, options);
  const known = sentences ?? found?.sentences;
  return {
    movement: found
      ? movementFromPhones(found.phones, durationSeconds, level)
      : movementFromSound({ ...heard, rate: heard.rateHz }, durationSeconds, level),
    drivenBy: found ? 'aligned-phones' : 'sound',
    ...(known && { sentences: known }),
  };
};

/** When the known words are said; undefined when none are known, or they are not what is said. */
const findWords = async (
  { words, sentences }: Speech,
  heard: SpeechFeatures,
  { subtitles, signal, onNotice }: LipSyncOptions,
): Promise<SentenceAlignment | undefined> => {
  if (words === undefined) return undefined;
  const pronunciation = await pronounce(words.text, words.language, signal);
  const found = pronunciation && alignSentences(heard, pronunciation);
  if (found?.fits) return found;
  const finding = found
    ? `the words are not what is said (mismatch ${found.mismatch.toFixed(1)})`
    : 'no voice here pronounces the language of the words';
  if (subtitles !== undefined && sentences === undefined) throw new TranscriptMismatchError(finding);
  onNotice?.(`The mouth follows the sound alone: ${finding}.`);
  return undefined;
};
