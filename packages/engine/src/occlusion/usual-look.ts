import { type Donor, type DonorLibrary, donorPlanes } from '../donor/donor-library.js';
import { type FaceTrack, LANDMARK_FLOATS } from '../face/face-track.js';
import { eyeCornerPixels, poseAt } from '../face/pose.js';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import { LOOK_CELLS, lookAxes, sampleLook } from './mouth-look.js';

/** How the lower face of one shot's person usually looks: the range of each value of a look. In shared memory. */
export type UsualLook = {
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** Median luma of the lower face. */
  readonly light: number;
  /** Median yaw and pitch, degrees. */
  readonly turn: readonly [yaw: number, pitch: number];
};

/** More pictures, spread over the shot, tell it no better; fewer do not tell it. */
const MOST_PICTURES = 40;
const FEWEST_PICTURES = 15;
/** What the range leaves out at both ends: a hand that passes. */
const RARE = 0.08;

const sorted = (values: Iterable<number>): Float32Array => Float32Array.from(values).sort();

const histogram = new Uint16Array(256);

/** Median luma of a look, at least 8. */
export const medianLight = (look: Float32Array): number => {
  histogram.fill(0);
  for (let k = 0; k < LOOK_CELLS; k++) histogram[Math.max(0, look[k])]++;
  let light = 0;
  for (let below = 0; below <= LOOK_CELLS / 2; light++) below += histogram[light];
  return Math.max(8, light);
};

/** The look of a donor's frame. */
export const lookOfDonor = (track: FaceTrack, library: DonorLibrary, donor: Donor): Float32Array => {
  const at = donor.frame * LANDMARK_FLOATS;
  const iod = eyeCornerPixels(poseAt(track, donor.frame));
  const axes = lookAxes(track.landmarks.subarray(at, at + LANDMARK_FLOATS), 3, iod);
  return sampleLook(donorPlanes(library, donor), axes, new Float32Array(3 * LOOK_CELLS));
};

/** @param looks of the frames of one shot; @returns undefined when they are too few */
export const usualLook = (
  looks: readonly Float32Array[],
  frames: readonly number[],
  seen: MouthObservations,
): UsualLook | undefined => {
  if (looks.length < FEWEST_PICTURES) return undefined;
  const count = Math.min(MOST_PICTURES, looks.length);
  const chosen = Array.from({ length: count }, (_, k) => Math.floor((k * looks.length) / count));
  const light = sorted(chosen.map((i) => medianLight(looks[i])))[count >> 1];
  const gains = chosen.map((i) => light / medianLight(looks[i]));
  const size = 3 * LOOK_CELLS;
  const low = new Float32Array(new SharedArrayBuffer(4 * size));
  const high = new Float32Array(new SharedArrayBuffer(4 * size));
  const values = new Float32Array(count);
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < count; i++) values[i] = gains[i] * looks[chosen[i]][k];
    values.sort();
    low[k] = values[Math.floor(RARE * (count - 1))];
    high[k] = values[Math.ceil((1 - RARE) * (count - 1))];
  }
  const median = (of: ArrayLike<number>) => sorted(frames.map((f) => of[f]))[frames.length >> 1];
  return { low, high, light, turn: [median(seen.yaw), median(seen.pitch)] };
};
