import loadEspeak, {
  type EspeakEvent,
  type EspeakModule,
  type EspeakWorker,
} from '@echogarden/espeak-ng-emscripten';
import { phoneTimes, type TimedPhone } from './phone-times.js';

export type SpeechOrder = {
  readonly text: string;
  /** An espeak language, for example `cmn` or `en-us`. */
  readonly voice: string;
  /** An espeak timbre, for example `f2`; empty for the plain voice. */
  readonly variant: string;
  /** Words per minute, 80 to 450. */
  readonly wpm: number;
  /** 0 to 99, 50 is the voice's own pitch. */
  readonly pitch: number;
};

export type Speech = {
  readonly sampleRate: number;
  readonly samples: Int16Array;
  readonly phones: readonly TimedPhone[];
};

/** Percent. Some timbres clip at espeak's own 100. */
const VOLUME = 60;

const VARIANT_FOLDER = '/usr/share/espeak-ng-data/voices/!v/';

const chooseVoice = (espeak: EspeakModule, speaker: EspeakWorker, voice: string, variant: string): void => {
  // espeak silently falls back to the plain voice when a variant does not exist.
  if (
    variant !== '' &&
    (!/^[\w ]+$/.test(variant) || !espeak.FS.analyzePath(VARIANT_FOLDER + variant).exists)
  ) {
    throw new Error(`espeak-ng has no variant "${variant}".`);
  }
  if (speaker.set_voice(variant === '' ? voice : `${voice}+${variant}`) !== 0) {
    throw new Error(`espeak-ng has no voice "${voice}".`);
  }
};

const joined = (pieces: readonly Int16Array[]): Int16Array => {
  const whole = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

/** Loads espeak and returns the function that speaks. That function throws when a voice or variant is unknown. */
export const loadSynthesis = async (): Promise<(order: SpeechOrder) => Speech> => {
  const espeak = await loadEspeak();
  const speaker = await new espeak.eSpeakNGWorker();
  return ({ text, voice, variant, wpm, pitch }: SpeechOrder): Speech => {
    chooseVoice(espeak, speaker, voice, variant);
    speaker.set_rate(wpm);
    speaker.set_pitch(pitch);
    speaker.set_range(50);
    speaker.set_volume(VOLUME);
    const pieces: Int16Array[] = [];
    const events: EspeakEvent[] = [];
    speaker.synthesize(text, (audio, news) => {
      if (audio !== null && audio.length > 0) pieces.push(audio);
      events.push(...news);
      return false;
    });
    const samples = joined(pieces);
    return {
      sampleRate: speaker.samplerate,
      samples,
      phones: phoneTimes(events, samples, speaker.samplerate, text),
    };
  };
};
