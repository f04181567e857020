import type { Donor, DonorLibrary } from '../donor/donor-library.js';
import { type FaceTrack, LANDMARK_FLOATS } from '../face/face-track.js';
import { eyeCornerPixels, poseAt } from '../face/pose.js';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import { lookAxes } from './mouth-look.js';
import { occludedCells, occludedShare } from './occluded-cells.js';
import { lookOfDonor, type UsualLook, usualLook } from './usual-look.js';

/** What is known of things before the mouths of a clip. */
export type Occlusion = {
  /** Per shot, in the order given; undefined where there are too few pictures to tell. */
  readonly looks: readonly (UsualLook | undefined)[];
  /** Per source frame: 1 where something may be before the mouth, so that drawing has to look. */
  readonly guarded: Uint8Array;
  /** Per source frame: 1 where something is, so that no mouth is taken from there. */
  readonly occluded: Uint8Array;
};

/** Skin around the lips that is drawn anew with them, in cells. */
const DRAWN_MARGIN = 5;
/** Less than this share of it is noise. */
const LEAST_SHARE = 0.01;
/** Around frames with an occluder, and those that cannot be used, it may be there as well. Seconds. */
const NEAR = 0.16;

const isOccluded = (
  track: FaceTrack,
  seen: MouthObservations,
  { frame }: Donor,
  look: Float32Array,
  usual: UsualLook,
): boolean => {
  const cells = occludedCells(look, usual, seen.yaw[frame], seen.pitch[frame]);
  if (!cells.includes(1)) return false;
  const at = frame * LANDMARK_FLOATS;
  const landmarks = track.landmarks.subarray(at, at + LANDMARK_FLOATS);
  const axes = lookAxes(landmarks, 3, eyeCornerPixels(poseAt(track, frame)));
  return occludedShare(cells, axes, landmarks, 3, DRAWN_MARGIN) >= LEAST_SHARE;
};

/** Finds out what passes before the mouth, from the pictures that were kept of it. */
export const planOcclusion = (
  track: FaceTrack,
  seen: MouthObservations,
  library: DonorLibrary,
  shots: readonly number[],
): Occlusion => {
  const occluded = new Uint8Array(track.frameCount);
  const looks = shots.map((shot) => {
    // What passes a mouth stays for more than two frames.
    const donors = library.donors.filter(({ frame }, d) => track.shot[frame] === shot && d % 2 === 0);
    const own = donors.map((donor) => lookOfDonor(track, library, donor));
    const usual = usualLook(
      own,
      donors.map(({ frame }) => frame),
      seen,
    );
    if (!usual) return undefined;
    donors.forEach((donor, d) => {
      if (!isOccluded(track, seen, donor, own[d], usual)) return;
      for (const near of [donor.frame - 1, donor.frame, donor.frame + 1]) {
        if (track.shot[near] === shot) occluded[near] = 1;
      }
    });
    return usual;
  });
  return { looks, occluded, guarded: guardedFrames(track, occluded) };
};

const guardedFrames = (track: FaceTrack, occluded: Uint8Array): Uint8Array => {
  const reach = Math.round(NEAR * track.fps);
  const guarded = new Uint8Array(new SharedArrayBuffer(track.frameCount));
  for (let f = 0; f < track.frameCount; f++) {
    if (track.usable[f] && !occluded[f]) continue;
    const last = Math.min(track.frameCount - 1, f + reach);
    for (let near = Math.max(0, f - reach); near <= last; near++) {
      if (track.shot[near] === track.shot[f]) guarded[near] = 1;
    }
  }
  return guarded;
};
