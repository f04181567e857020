import type { MouthCurves } from '../speech/mouth-curves.js';

/**
 * What the mouth does in each frame of a video, independent of whose mouth it is. Closed lips have aperture 0; closures
 * are max-pooled, so that none falls between frames.
 */
export type MouthTrack = MouthCurves & {
  readonly frameCount: number;
  /**
   * Seconds of low-pass (Gaussian sigma) that the opening still needs, see MouthMovement.
   */
  readonly lipSigma: number;
  /** How far the tip of the tongue is raised to the upper teeth, 0 to 1. */
  readonly tongue: Float32Array;
};
