import { learnSpeakingStyle, listenToSpeech, movementFromSound, speechLevel } from '#engine/internals';
import { bandEnergies, rmsEnvelope } from './baselines.js';
import { SAMPLE_RATE, watchTalkingClip } from './real-mouths.js';
import { correlation } from './scores.js';

const FRAME_RATE = 100;

/** Mean of a curve at 100 Hz over each video frame. */
const framed = (curve: Float32Array, fps: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, frame) => {
    const first = Math.round((frame / fps) * FRAME_RATE);
    const last = Math.max(first + 1, Math.round(((frame + 1) / fps) * FRAME_RATE));
    const part = curve.subarray(Math.min(first, curve.length - 1), last);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });

const kept = (values: Float32Array, usable: Uint8Array): Float32Array =>
  values.filter((_, frame) => usable[frame] === 1);

/**
 * Prints for each clip how well the opening heard in its own speech follows the tracked mouth, and what learning from
 * the person adds (cross-validated; both last columns are within the folds and so lower than the third).
 */
export const printRealMouths = async (paths: readonly string[]): Promise<void> => {
  const cells = ['clip', 'frames', 'RMS envelope', 'band energies', 'speech net', 'folds: default', 'person'];
  const line = (values: readonly string[]): string =>
    values.map((value, k) => value.padEnd(k === 0 ? 28 : 15)).join('');
  console.log(line(cells));
  const sums = [0, 0, 0];
  for (const path of paths) {
    const clip = await watchTalkingClip(path);
    const heard = await listenToSpeech(clip.samples);
    const curves = [rmsEnvelope(clip.samples).aperture, bandEnergies(clip.samples).aperture, heard.aperture];
    const seen = kept(clip.aperture, clip.usable);
    const found = curves.map((curve) =>
      correlation(kept(framed(curve, clip.fps, clip.aperture.length), clip.usable), seen),
    );
    found.forEach((r, k) => {
      sums[k] += r;
    });
    const own = movementFromSound(
      heard,
      clip.samples.length / SAMPLE_RATE,
      speechLevel(clip.samples, SAMPLE_RATE),
    );
    const agreement = learnSpeakingStyle(own, clip)?.agreement;
    const person = agreement
      ? [agreement.default.toFixed(3), agreement.person.toFixed(3)]
      : ['', 'default kept'];
    console.log(line([clip.name, `${seen.length}`, ...found.map((r) => r.toFixed(3)), ...person]));
  }
  console.log(line(['mean', '', ...sums.map((sum) => (sum / paths.length).toFixed(3))]));
};
