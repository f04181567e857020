import { complexionPoints } from './complexion.js';
import type { FaceTrack } from './face-track.js';

/**
 * Finds the frames in which a hand, a phone or a microphone covers the mouth. The mesh does not tell: it goes on
 * inventing lips with score 1.
 *
 * A frame's colours around the mouth, relative to those of the cheeks, are compared point by point with the same
 * person's usual ones (median over the shot): skin, lips and beard keep their colours while the mouth moves, things
 * before it have others. Measured: free mouths, speaking or wide open, differ at up to 2 % of all points and 5 % of
 * the lip points; covered ones at 10 to 60 % of all or 10 to 97 % of the lip points, skin-coloured hands included.
 */

/** Differences are counted from here, in standard deviations. */
const DIFFERENT = 3;
const COVERED_SHARE = 0.06;
const COVERED_LIP_SHARE = 0.09;
/** Standard deviations are at least this: light moves over a face. In units of the cheeks' luma. */
const LUMA_NOISE = 0.1;
const CHROMA_NOISE = 0.03;
/** Frames next to covered ones that count as covered: a hand comes from outside the points. */
const ENTRY_FRAMES = 2;
/** Fewer frames do not tell what is usual. */
const MIN_FRAMES = 15;
/** More frames than this, spread over the shot, do not tell it better. */
const MODEL_FRAMES = 400;
/** Luma of cheeks in the dark is noise below this. */
const MIN_CHEEK_LUMA = 8;

type UsualLook = { readonly median: Float32Array; readonly deviation: Float32Array };

const medianOf = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

/** Colours around the mouth in units of the cheeks' luma, chroma from the cheeks' chroma. */
const relativeColours = (complexion: Uint8Array, into: Float32Array): void => {
  const { cheeks } = complexionPoints();
  const cheek = (channel: number): number =>
    medianOf(Array.from({ length: cheeks }, (_, k) => complexion[k * 3 + channel]));
  const luma = Math.max(MIN_CHEEK_LUMA, cheek(0) - 16);
  const [u, v] = [cheek(1), cheek(2)];
  for (let k = 0, p = cheeks * 3; p < complexion.length; k += 3, p += 3) {
    into[k] = (complexion[p] - 16) / luma;
    into[k + 1] = (complexion[p + 1] - u) / luma;
    into[k + 2] = (complexion[p + 2] - v) / luma;
  }
};

const usualLook = (
  frames: readonly number[],
  complexionOf: (frame: number) => Uint8Array,
  size: number,
): UsualLook => {
  const step = Math.max(1, frames.length / MODEL_FRAMES);
  const looks = Array.from({ length: Math.floor(frames.length / step) }, (_, k) => {
    const look = new Float32Array(size);
    relativeColours(complexionOf(frames[Math.floor(k * step)]), look);
    return look;
  });
  const median = Float32Array.from({ length: size }, (_, k) => medianOf(looks.map((look) => look[k])));
  const deviation = median.map((usual, k) => {
    const spread = 1.4826 * medianOf(looks.map((look) => Math.abs(look[k] - usual)));
    return Math.hypot(spread, k % 3 === 0 ? LUMA_NOISE : CHROMA_NOISE);
  });
  return { median, deviation };
};

const isCovered = (look: Float32Array, { median, deviation }: UsualLook): boolean => {
  const { onLips, cheeks } = complexionPoints();
  const count = { points: look.length / 3, lips: 0, different: 0, differentLips: 0 };
  for (let point = 0; point < count.points; point++) {
    const lip = onLips[cheeks + point];
    if (lip) count.lips++;
    for (let k = point * 3; k < point * 3 + 3; k++) {
      if (Math.abs(look[k] - median[k]) <= DIFFERENT * deviation[k]) continue;
      count.different++;
      if (lip) count.differentLips++;
      break;
    }
  }
  return (
    count.different > COVERED_SHARE * count.points || count.differentLips > COVERED_LIP_SHARE * count.lips
  );
};

/** Frames of each shot that are usable. */
const usableFramesByShot = ({ frameCount, usable, shot }: FaceTrack): number[][] => {
  const shots: number[][] = [];
  for (let frame = 0; frame < frameCount; frame++) {
    shots[shot[frame]] ??= [];
    if (usable[frame]) shots[shot[frame]].push(frame);
  }
  return shots;
};

/**
 * The track without the frames whose mouth is covered.
 *
 * @param complexions what sampleComplexion gave for each frame, one after the other
 */
export const withoutCoveredMouths = (track: FaceTrack, complexions: Uint8Array): FaceTrack => {
  const { landmarks, cheeks } = complexionPoints();
  const bytes = landmarks.length * 3;
  const size = (landmarks.length - cheeks) * 3;
  const complexionOf = (frame: number): Uint8Array =>
    complexions.subarray(frame * bytes, (frame + 1) * bytes);
  const usable = track.usable.slice();
  const look = new Float32Array(size);
  for (const frames of usableFramesByShot(track)) {
    if (frames.length < MIN_FRAMES) continue;
    const usual = usualLook(frames, complexionOf, size);
    for (const frame of frames) {
      relativeColours(complexionOf(frame), look);
      if (!isCovered(look, usual)) continue;
      for (let near = frame - ENTRY_FRAMES; near <= frame + ENTRY_FRAMES; near++) {
        if (track.shot[near] === track.shot[frame]) usable[near] = 0;
      }
    }
  }
  return { ...track, usable };
};
