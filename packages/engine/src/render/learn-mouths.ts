import type { DonorLibrary } from '../donor/donor-library.js';
import type { FaceTrack } from '../face/face-track.js';
import { insideOfShot } from '../mouth-inside/inside-of-shot.js';
import { gaussianSmooth } from '../mouth-space/gaussian-smooth.js';
import { type MouthObservations, observeMouth } from '../mouth-space/observe-mouth.js';
import { learnPersonMouth } from '../mouth-space/person-mouth.js';
import { planOcclusion } from '../occlusion/plan-occlusion.js';
import { lipLook } from './lip-look.js';
import type { RenderPlan } from './render-plan.js';
import { usableRuns } from './usable-runs.js';

/** The chin is heavier than the lips: seconds of low-pass (Gaussian sigma) that it follows the aperture with. */
export const JAW_SIGMA = 0.08;
/** Mouths are taken from frames at least this far, in seconds, from ones that cannot be used... */
const CLEAR = 0.3;
/** ...if that leaves this share of the usable ones. */
const MOSTLY_CLEAR = 0.4;

/** What a clip tells of its mouths, whatever they are to say. Arrays have one value per source frame. */
export type LearntMouths = Pick<RenderPlan, 'persons' | 'guarded' | 'lipLooks' | 'looks' | 'insides'> & {
  readonly seen: MouthObservations;
  /** Numbers of the camera shots; persons, looks and insides are in their order. */
  readonly shots: readonly number[];
  /** The aperture as the chin follows it, IOD. */
  readonly ownJaw: Float32Array;
  /** 1 where a mouth may be taken from. */
  readonly clear: Uint8Array;
};

export const learnMouths = (track: FaceTrack, library: DonorLibrary): LearntMouths => {
  const seen = observeMouth(track);
  const shots = [...new Set(track.shot)];
  const persons = shots.map((shot) =>
    learnPersonMouth(
      track,
      seen,
      Array.from(track.usable.keys()).filter((f) => track.usable[f] && track.shot[f] === shot),
    ),
  );
  const ownJaw = smoothedAperture(track, seen);
  const { looks, guarded, occluded } = planOcclusion(track, seen, library, shots);
  const clear = clearFrames(track, occluded);
  const insides = shots.map((shot) =>
    insideOfShot(
      track,
      seen,
      library,
      library.donors.filter(({ frame }) => track.shot[frame] === shot && clear[frame]),
      ownJaw,
    ),
  );
  const lipLooks = library.donors.map((donor) =>
    clear[donor.frame] && persons[shots.indexOf(track.shot[donor.frame])].articulates
      ? lipLook(track, library, donor)
      : undefined,
  );
  return { seen, shots, persons, ownJaw, clear, guarded, lipLooks, looks, insides };
};

/** The base video's own aperture as its chin follows it, per source frame, not smoothed across shots and gaps. */
const smoothedAperture = (track: FaceTrack, seen: MouthObservations): Float32Array => {
  const jaw = Float32Array.from(seen.aperture);
  const inOrder = Int32Array.from({ length: track.frameCount }, (_, f) => f);
  for (const { start, end } of usableRuns(track, inOrder))
    gaussianSmooth(jaw, 1, start, end, JAW_SIGMA * track.fps);
  return jaw;
};

/**
 * 1 for frames with nothing before the mouth, well away from any in which the face cannot be used: what covers or turns it is
 * often there already. Where few frames are so, all with nothing before the mouth count.
 */
const clearFrames = (track: FaceTrack, occluded: Uint8Array): Uint8Array => {
  const reach = Math.round(CLEAR * track.fps);
  const free = track.usable.map((on, f) => (on && !occluded[f] ? 1 : 0));
  const clear = free.slice();
  for (let f = 0; f < track.frameCount; f++) {
    if (track.usable[f]) continue;
    for (let near = Math.max(0, f - reach); near <= Math.min(track.frameCount - 1, f + reach); near++) {
      if (track.shot[near] === track.shot[f]) clear[near] = 0;
    }
  }
  const count = (frames: Uint8Array) => frames.reduce((sum, on) => sum + on, 0);
  return count(clear) >= MOSTLY_CLEAR * count(track.usable) ? clear : free;
};
