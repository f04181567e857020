import type { MouthCurves } from './mouth-curves.js';

/** What the speech net hears in speech, in frames of 10 ms. */
export type HeardSpeech = MouthCurves & {
  readonly frameCount: number;
  /** Level, 0 to 1: 1 is that of this speech's loud vowels, 0 is 40 dB below or less; smoothed over 100 ms. */
  readonly loudness: Float32Array;
  /** Probabilities of the classes in `SPEECH_CLASSES`, `frameCount × 15`; each frame sums to 1. */
  readonly posteriors: Float32Array;
};

/** Frames per second of what is heard. */
export const HEARING_RATE = 100;
