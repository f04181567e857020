/**
 * What a mouth does in time, whoever's it is: as it is heard, as co-articulation makes it of phones, or frame by frame of a
 * video. All arrays have the same length; value `i` stands for the time (i + 0.5) / rate.
 */
export type MouthCurves = {
  /** Values per second; of a video, its frames. */
  readonly rate: number;
  /** Opening between the inner lips, 0 (closed) to 1 (wide "ah"); already low where the lips are closed. */
  readonly aperture: Float32Array;
  /** Distance of the mouth corners, -1 (narrowest, "oo") over 0 (rest) to 1 (widest, "ee"). */
  readonly width: Float32Array;
  /** Rounding and protrusion of the lips, 0 to 1. */
  readonly rounding: Float32Array;
  /** Both lips pressed together (p, b, m), 0 to 1; of what is heard, how likely that is. */
  readonly closure: Float32Array;
  /** Lower lip against the upper teeth (f, v), 0 to 1; of what is heard, how likely that is. */
  readonly labiodental: Float32Array;
};
