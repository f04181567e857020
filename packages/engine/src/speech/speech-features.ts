/** What the speech net hears in speech, in frames of 10 ms; the centre of frame t is at (t + 0.5) / `rateHz` seconds. */
export type SpeechFeatures = {
  readonly rateHz: 100;
  readonly frameCount: number;
  /** Opening between the inner lips, 0 to 1; already low where lips are closed. */
  readonly aperture: Float32Array;
  /** -1 (narrow) to 1 (wide). */
  readonly width: Float32Array;
  /** 0 to 1. */
  readonly rounding: Float32Array;
  /** Probability that both lips touch (p, b, m), 0 to 1; above 0.5 it is more likely than not. */
  readonly closure: Float32Array;
  /** Probability that the lower lip is at the upper teeth (f, v), 0 to 1. */
  readonly labiodental: Float32Array;
  /** Level, 0 to 1: 1 is that of this speech's loud vowels, 0 is 40 dB below or less; smoothed over 100 ms. */
  readonly loudness: Float32Array;
  /** Probabilities of the classes in `SPEECH_CLASSES`, `frameCount × 15`; each frame sums to 1. */
  readonly posteriors: Float32Array;
};

export const FEATURE_RATE_HZ = 100;
