/**
 * What the mouth does, frame by frame, independent of whose mouth it is. Each array has `frameCount` values.
 */
export type MouthTrack = {
  /** Frames per second of the video to be made. */
  readonly fps: number;
  readonly frameCount: number;
  /** Opening between the inner lips, 0 (closed) to 1 (wide "ah"); already 0 where the lips are closed. */
  readonly aperture: Float32Array;
  /** Distance of the mouth corners, -1 (narrowest, "oo") over 0 (rest) to 1 (widest, "ee"). */
  readonly width: Float32Array;
  /** Rounding and protrusion of the lips, 0 to 1. */
  readonly rounding: Float32Array;
  /** Both lips pressed together (p, b, m), 0 to 1; max-pooled over the frame so that no closure falls between frames. */
  readonly closure: Float32Array;
  /** Lower lip against the upper teeth (f, v), 0 to 1. */
  readonly labiodental: Float32Array;
};
