import { type FaceTrack, LANDMARK_COUNT, LANDMARK_FLOATS } from '../face/face-track.js';
import { type Pose, poseAt } from '../face/pose.js';

/**
 * Face space: the face's own coordinates, free of head position, rotation and size. Unit: centimetres of the
 * canonical face; x to the right of the picture, y up, z towards the camera.
 * A shape is 468 x (x, y, z) in face space.
 */
export type Shape = Float32Array;

export const newShape = (): Shape => new Float32Array(LANDMARK_FLOATS);

/** Landmarks in pixels (468 x 3 from `offset`) to face space: R^T (P - t) / s. */
const toFaceSpace = (landmarks: Float32Array, offset: number, pose: Pose, out: Shape): Shape => {
  const r = pose.rotation;
  const [tx, ty, tz] = pose.translation;
  const k = 1 / pose.scale;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const p = offset + 3 * i;
    const x = landmarks[p] - tx;
    const y = -landmarks[p + 1] - ty;
    const z = -landmarks[p + 2] - tz;
    out[3 * i] = k * (r[0] * x + r[3] * y + r[6] * z);
    out[3 * i + 1] = k * (r[1] * x + r[4] * y + r[7] * z);
    out[3 * i + 2] = k * (r[2] * x + r[5] * y + r[8] * z);
  }
  return out;
};

/** The face of a frame with landmarks in face space. */
export const shapeAt = (track: FaceTrack, frame: number, out: Shape): Shape =>
  toFaceSpace(track.landmarks, frame * LANDMARK_FLOATS, poseAt(track, frame), out);

/** A shape back to the picture: 468 x (x, y) in pixels. */
export const toPixels = (shape: Shape, pose: Pose, out: Float64Array): Float64Array => {
  const r = pose.rotation;
  const s = pose.scale;
  const [tx, ty] = pose.translation;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const x = shape[3 * i];
    const y = shape[3 * i + 1];
    const z = shape[3 * i + 2];
    out[2 * i] = s * (r[0] * x + r[1] * y + r[2] * z) + tx;
    out[2 * i + 1] = -(s * (r[3] * x + r[4] * y + r[5] * z) + ty);
  }
  return out;
};
