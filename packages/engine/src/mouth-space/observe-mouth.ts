import type { FaceTrack } from '../face/face-track.js';
import { poseAt } from '../face/pose.js';
import { newShape, shapeAt } from './face-space.js';
import { measureMouth } from './measure-mouth.js';

/** What the mouth and head of a face track do, one value per frame; zero where the track is not usable. */
export type MouthObservations = {
  /** IOD; see MouthMeasures. */
  readonly aperture: Float32Array;
  readonly width: Float32Array;
  readonly jaw: Float32Array;
  /** Degrees. */
  readonly yaw: Float32Array;
  readonly pitch: Float32Array;
  /** Pixels per canonical centimetre. */
  readonly scale: Float32Array;
};

export const observeMouth = (track: FaceTrack): MouthObservations => {
  const n = track.frameCount;
  const shape = newShape();
  const seen: MouthObservations = {
    aperture: new Float32Array(n),
    width: new Float32Array(n),
    jaw: new Float32Array(n),
    yaw: new Float32Array(n),
    pitch: new Float32Array(n),
    scale: new Float32Array(n),
  };
  for (let f = 0; f < n; f++) {
    if (!track.usable[f]) continue;
    const pose = poseAt(track, f);
    const mouth = measureMouth(shapeAt(track, f, shape));
    seen.aperture[f] = mouth.aperture;
    seen.width[f] = mouth.width;
    seen.jaw[f] = mouth.jaw;
    seen.yaw[f] = pose.yaw;
    seen.pitch[f] = pose.pitch;
    seen.scale[f] = pose.scale;
  }
  return seen;
};
