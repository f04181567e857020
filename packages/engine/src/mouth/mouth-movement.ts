import type { MouthCurves } from '../speech/mouth-curves.js';
import type { Contact } from './gestures.js';

/** What a mouth does while something is said, before it is cut into the frames of a video. */
export type MouthMovement = {
  readonly durationSeconds: number;
  readonly curves: MouthCurves;
  /** Level of the speech from `speechLevel`: dB relative to speech, at `LEVEL_RATE`. */
  readonly level: Float32Array;
  /**
   * Seconds of low-pass (Gaussian sigma) that give the opening the speed of lips: what is heard moves with every sound, what
   * phones make of it less so.
   */
  readonly lipSigma: number;
  /** How far the tip of the tongue is raised to the upper teeth (l, n, d, t, th), 0 to 1, at `HEARING_RATE`. */
  readonly tongue: Float32Array;
  /** When the lips are pressed together. */
  readonly closures: readonly Contact[];
  /** When the lower lip touches the upper teeth. */
  readonly labiodentals: readonly Contact[];
};
