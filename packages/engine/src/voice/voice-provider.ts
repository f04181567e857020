import type { Phone } from '../speech/phone.js';

/** A voice that can read text. */
export type Voice = {
  /** Stable id, as used by the Open API (`audio_man_id`). */
  readonly id: string;
  readonly name: string;
  readonly gender: 'female' | 'male';
  /** BCP 47 primary language, for example `zh` or `en`. */
  readonly language: string;
  /** All languages that it reads, its own first; absent for a voice of one. */
  readonly languages?: readonly string[];
  readonly provider: string;
};

/** One sentence of the speech in time, in seconds from its start. */
export type SpokenSentence = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

/** A voice without what only its provider knows of it. */
export const plainVoice = ({ id, name, gender, language, provider }: Voice): Voice => ({
  id,
  name,
  gender,
  language,
  provider,
});

/** Text read aloud. */
export type Utterance = {
  /** Mono samples, -1 to 1. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** Phones with exact times where the provider knows them. */
  readonly phones?: readonly Phone[];
  /** The sentences of the text in order, without overlap. */
  readonly sentences: readonly SpokenSentence[];
};

export type SpeakRequest = {
  /** Clean text with at least one word, see `cleanText`. */
  readonly text: string;
  readonly voice: Voice;
  /** 0.5 to 2, 1 is the voice's own tempo. */
  readonly speed: number;
  /** 0.1 to 3, 1 is the voice's own pitch; see `pitchOctaves` for what the numbers do. */
  readonly pitch: number;
};

/** A source of voices. */
export type VoiceProvider = {
  readonly name: string;
  /** The voices that can be used now; empty when the provider is not installed. */
  voices(): Promise<readonly Voice[]>;
  /**
   * @throws VoiceFailedError when the program or server behind the voice fails.
   * @throws the signal's reason when aborted.
   */
  speak(request: SpeakRequest, signal?: AbortSignal): Promise<Utterance>;
  /** Ends child processes and connections; the next `speak` starts them again. */
  close(): Promise<void>;
};
