import { EngineError } from '../errors/engine-error.js';
import { TranscriptMismatchError } from '../errors/transcript-mismatch-error.js';
import type { PrepareOptions } from '../lip-sync-options.js';
import { alignSentences, type SentenceAlignment } from '../speech/align-sentences.js';
import type { HeardSpeech } from '../speech/heard-speech.js';
import { listenToSpeech } from '../speech/listen-to-speech.js';
import type { Phone } from '../speech/phone.js';
import { type Pronunciation, pronounce } from '../voice/pronunciation.js';
import type { Speech } from '../voice/take-speech.js';
import type { SpokenSentence } from '../voice/voice-provider.js';
import type { MouthMovement } from './mouth-movement.js';
import { movementFromPhones } from './movement-from-phones.js';
import { movementFromSound } from './movement-from-sound.js';
import { speechLevel } from './speech-level.js';

/** What the mouth goes by: phones that the voice told, those of known words found in the sound, or the sound alone. */
export type DrivenBy = 'phones' | 'aligned-phones' | 'sound';

export type MouthOfSpeech = {
  readonly movement: MouthMovement;
  readonly drivenBy: DrivenBy;
  /** The phones that the mouth goes by; absent when it goes by the sound. */
  readonly phones?: readonly Phone[];
  /** When each sentence is said; absent when the words are not known or not found. */
  readonly sentences?: readonly SpokenSentence[];
};

/**
 * What a mouth does while this is said: from the sound, and where there are any from the voice's phones or those of the
 * known words, aligned with the sound.
 *
 * @throws TranscriptMismatchError when subtitles are wanted and the words are not found
 */
export const mouthOfSpeech = async (speech: Speech, options: PrepareOptions): Promise<MouthOfSpeech> => {
  const durationSeconds = speech.samples.length / speech.sampleRate;
  const level = speechLevel(speech.samples, speech.sampleRate);
  const heard = await listenToSpeech(speech.listening, options.signal);
  if (speech.known === 'phones')
    return {
      movement: movementFromPhones(speech.phones, heard, durationSeconds, level),
      drivenBy: 'phones',
      phones: speech.phones,
      ...(speech.sentences && { sentences: speech.sentences }),
    };
  const found = speech.known === 'words' ? await findWords(speech, heard, options) : undefined;
  const known = sentencesOf(speech) ?? found?.sentences;
  return {
    movement: found
      ? movementFromPhones(found.phones, heard, durationSeconds, level)
      : movementFromSound(heard, durationSeconds, level),
    drivenBy: found ? 'aligned-phones' : 'sound',
    ...(found && { phones: found.phones }),
    ...(known && { sentences: known }),
  };
};

/** Why known words are of no use, and what may help. */
type Obstacle = { readonly finding: string; readonly remedy: string };

const sentencesOf = (speech: Speech): readonly SpokenSentence[] | undefined =>
  speech.known === 'sound' ? undefined : speech.sentences;

/** When the known words are said; undefined when they are not what is said. */
const findWords = async (
  speech: Extract<Speech, { known: 'words' }>,
  heard: HeardSpeech,
  { subtitles, signal, onNotice }: PrepareOptions,
): Promise<SentenceAlignment | undefined> => {
  const found = await align(speech.words, heard, speech.voice !== undefined, signal);
  if ('phones' in found) return found;
  if (subtitles !== undefined && speech.sentences === undefined)
    throw new TranscriptMismatchError(found.finding, found.remedy);
  onNotice?.(`The mouth follows the sound alone: ${found.finding}.`);
  return undefined;
};

/**
 * A voice was given these words, so they are what is said unless it is broken: half of the wrong texts are worse than this
 * (see `alignPhones`), a right one in an unusual voice reached 1.7.
 */
const LARGEST_READ_MISMATCH = 2.1;

const align = async (
  { text, language }: Extract<Speech, { known: 'words' }>['words'],
  heard: HeardSpeech,
  wasRead: boolean,
  signal: AbortSignal | undefined,
): Promise<SentenceAlignment | Obstacle> => {
  let pronunciation: Pronunciation | undefined;
  try {
    pronunciation = await pronounce(text, language, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof EngineError)) throw error;
    return { finding: `the words cannot be read (${error.message})`, remedy: 'Correct the transcript.' };
  }
  if (!pronunciation)
    return {
      finding: 'no voice here pronounces the language of the words',
      remedy: 'Write them in a language of "chanjing-avatar voices".',
    };
  const found = alignSentences(heard, pronunciation);
  if (found.fits || (wasRead && found.mismatch < LARGEST_READ_MISMATCH)) return found;
  const misfit = found.phones.length > 0 ? `mismatch ${found.mismatch.toFixed(1)}` : 'they are too many';
  return { finding: `the words are not what is said (${misfit})`, remedy: 'Correct the transcript.' };
};
