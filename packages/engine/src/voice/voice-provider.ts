import type { Phone } from '../speech/phone.js';

/** A voice that can read text. */
export type Voice = {
  /** Stable id, as used by the Open API (`audio_man_id`). */
  readonly id: string;
  readonly name: string;
  readonly gender: 'female' | 'male';
  /** BCP 47 primary language, for example `zh` or `en`. */
  readonly language: string;
  readonly provider: string;
};

/** Text read aloud. */
export type Utterance = {
  /** Mono samples, -1 to 1. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** Phones with exact times where the provider knows them. */
  readonly phones?: readonly Phone[];
};

export type SpeakRequest = {
  readonly text: string;
  readonly voice: Voice;
  /** 0.5 to 2, 1 is the voice's own tempo. */
  readonly speed: number;
  /** 0.1 to 3, 1 is the voice's own pitch. */
  readonly pitch: number;
};

/** A source of voices. */
export type VoiceProvider = {
  readonly name: string;
  voices(): Promise<readonly Voice[]>;
  speak(request: SpeakRequest, signal?: AbortSignal): Promise<Utterance>;
};
