import type { Phone } from '../speech/phone.js';
import { type ArticulationCurves, coarticulate } from './co-articulation.js';
import { type FramePooling, poolFrames } from './frame-pooling.js';
import { labiodentalContacts, lipClosures, speechGestures } from './gestures.js';
import type { MouthTrack } from './mouth-track.js';
import { LEVEL_RATE, opennessFromLevel } from './speech-level.js';

export type PhoneMouthOptions = FramePooling & {
  /** The level of the speech from `speechLevel`; with it, quiet syllables move the mouth less. */
  readonly level?: Float32Array;
};

/** Scales the aperture of the curves by factors at {@link LEVEL_RATE}. */
const scaleAperture = (curves: ArticulationCurves, factors: Float32Array): void => {
  const step = LEVEL_RATE / curves.rate;
  for (let i = 0; i < curves.aperture.length; i++) {
    curves.aperture[i] = Math.min(1, curves.aperture[i] * (factors[Math.floor(i * step)] ?? 1));
  }
};

/** The mouth of speech whose phones are known in time. Rest (0) where there is no phone for more than 0.15 s. */
export const mouthTrackFromPhones = (phones: readonly Phone[], options: PhoneMouthOptions): MouthTrack => {
  const gestures = speechGestures(phones, options.durationSeconds);
  const curves = coarticulate(gestures, options.durationSeconds);
  if (options.level !== undefined) scaleAperture(curves, opennessFromLevel(options.level));
  return poolFrames(curves, lipClosures(gestures), labiodentalContacts(gestures), options);
};
