import { type FaceTrack, LANDMARK_COUNT, LANDMARK_FLOATS } from './face-track.js';

/** Landmarks of a source frame as x, y pairs in pixels. */
export const framePoints = (
  track: FaceTrack,
  frame: number,
  out: Float64Array = new Float64Array(2 * LANDMARK_COUNT),
): Float64Array => {
  const at = frame * LANDMARK_FLOATS;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    out[2 * i] = track.landmarks[at + 3 * i];
    out[2 * i + 1] = track.landmarks[at + 3 * i + 1];
  }
  return out;
};
