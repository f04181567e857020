import type { MouthCurves } from '../speech/mouth-curves.js';
import type { Phone } from '../speech/phone.js';
import { coarticulate } from './co-articulation.js';
import { labiodentalContacts, lipClosures, speechGestures } from './gestures.js';
import type { MouthMovement } from './mouth-movement.js';
import { LEVEL_RATE, opennessFromLevel } from './speech-level.js';

/** Scales the aperture of the curves by factors at {@link LEVEL_RATE}. */
const scaleAperture = (curves: MouthCurves, factors: Float32Array): void => {
  const step = LEVEL_RATE / curves.rate;
  for (let i = 0; i < curves.aperture.length; i++) {
    curves.aperture[i] = Math.min(1, curves.aperture[i] * (factors[Math.floor(i * step)] ?? 1));
  }
};

/**
 * The mouth of speech whose phones are known in time. Rest (0) where there is no phone for more than 0.15 s.
 *
 * @param level the level of the speech from `speechLevel`: quiet syllables move the mouth less
 */
export const movementFromPhones = (
  phones: readonly Phone[],
  durationSeconds: number,
  level: Float32Array,
): MouthMovement => {
  const gestures = speechGestures(phones, durationSeconds);
  const curves = coarticulate(gestures, durationSeconds);
  scaleAperture(curves, opennessFromLevel(level));
  return {
    durationSeconds,
    curves,
    level,
    closures: lipClosures(gestures),
    labiodentals: labiodentalContacts(gestures),
  };
};
