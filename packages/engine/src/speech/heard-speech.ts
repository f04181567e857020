import type { MouthCurves } from './mouth-curves.js';

/** What the speech net hears in speech, in frames of 10 ms. */
export type HeardSpeech = MouthCurves & {
  readonly frameCount: number;
  /**
   * Opening as filmed people make it, 0 to 1; the aperture of the curves is that of the rule for these sounds, alike in
   * everyone. Real lips are less tidy.
   */
  readonly lips: Float32Array;
  /** Probability that what sounds is speech, not music, noise or breath. */
  readonly presence: Float32Array;
  /** Level, 0 to 1: 1 is that of this speech's loud vowels, 0 is 40 dB below or less; smoothed over 100 ms. */
  readonly loudness: Float32Array;
  /** Probabilities of the classes in `SPEECH_CLASSES`, `frameCount × 15`; each frame sums to 1. */
  readonly posteriors: Float32Array;
};

/** Frames per second of what is heard. */
export const HEARING_RATE = 100;
