import { type CanonicalFace, canonicalFace } from './canonical-face.js';
import type { FaceTrack } from './face-track.js';
import { largestEigenvector } from './symmetric-eigen.js';

/**
 * Where a head is and which way it looks. Pose space has x to the picture's right, y UP and z towards the camera:
 * a landmark (x, y, z) of a frame is the point (x, -y, -z) there, and canonical point c is at
 * scale * rotation * c + translation.
 */
export type Pose = {
  /** 3 x 3, row by row, canonical face to pose space. */
  readonly rotation: Float64Array;
  /** Pixels per canonical centimetre. */
  readonly scale: number;
  /** Pose-space pixels of the canonical origin. */
  readonly translation: readonly [x: number, y: number, z: number];
  /** Degrees; 0, 0, 0 looks straight into the camera. Yaw > 0: the face turns to the picture's right. */
  readonly yaw: number;
  /** Degrees, > 0: the face looks down. */
  readonly pitch: number;
  /** Degrees, > 0: the head leans counter-clockwise in the picture. */
  readonly roll: number;
  /** Root of the weighted mean squared distance between landmarks and posed canonical points, in {@link eyeCornerPixels}. */
  readonly residual: number;
};

/** A face of a frame and its pose. */
export type PosedFace = {
  /** 468 x (x, y, z) as in a FaceTrack. */
  readonly landmarks: Float32Array;
  readonly pose: Pose;
};

/** Floats per frame in {@link FaceTrack.poses}: rotation, translation, scale, residual. */
export const POSE_FLOATS = 14;
const TRANSLATION = 9;
const SCALE = 12;
const RESIDUAL = 13;

const DEGREES = 180 / Math.PI;

const anglesOf = (r: Float64Array): Pick<Pose, 'yaw' | 'pitch' | 'roll'> => ({
  yaw: Math.atan2(r[2], r[8]) * DEGREES,
  pitch: Math.asin(Math.max(-1, Math.min(1, -r[5]))) * DEGREES,
  roll: Math.atan2(r[3], r[4]) * DEGREES,
});

/** Puts a pose where {@link poseAt} finds it. */
export const putPose = (poses: Float64Array, frame: number, pose: Pose): void => {
  const at = frame * POSE_FLOATS;
  poses.set(pose.rotation, at);
  poses.set(pose.translation, at + TRANSLATION);
  poses[at + SCALE] = pose.scale;
  poses[at + RESIDUAL] = pose.residual;
};

/** The pose of a frame with landmarks. */
export const poseAt = ({ poses }: Pick<FaceTrack, 'poses'>, frame: number): Pose => {
  const at = frame * POSE_FLOATS;
  const rotation = poses.subarray(at, at + TRANSLATION);
  const [x, y, z] = poses.subarray(at + TRANSLATION, at + SCALE);
  return {
    rotation,
    scale: poses[at + SCALE],
    translation: [x, y, z],
    ...anglesOf(rotation),
    residual: poses[at + RESIDUAL],
  };
};

/** Weighted centroids of both point sets, and their 3 x 3 cross-covariance (canonical rows, landmark columns). */
type Moments = {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly covariance: Float64Array;
  readonly fromSpread: number;
  readonly toSpread: number;
  readonly weight: number;
};

const moments = (face: CanonicalFace, landmarks: ArrayLike<number>): Moments => {
  const { vertices, poseLandmarks, poseWeights } = face;
  const from = new Float64Array(3);
  const to = new Float64Array(3);
  let weight = 0;
  for (let k = 0; k < poseLandmarks.length; k++) {
    const v = poseLandmarks[k] * 3;
    const w = poseWeights[k];
    weight += w;
    from[0] += w * vertices[v];
    from[1] += w * vertices[v + 1];
    from[2] += w * vertices[v + 2];
    to[0] += w * landmarks[v];
    to[1] -= w * landmarks[v + 1];
    to[2] -= w * landmarks[v + 2];
  }
  for (let c = 0; c < 3; c++) {
    from[c] /= weight;
    to[c] /= weight;
  }
  const covariance = new Float64Array(9);
  let fromSpread = 0;
  let toSpread = 0;
  for (let k = 0; k < poseLandmarks.length; k++) {
    const v = poseLandmarks[k] * 3;
    const w = poseWeights[k];
    const ax = vertices[v] - from[0];
    const ay = vertices[v + 1] - from[1];
    const az = vertices[v + 2] - from[2];
    const bx = landmarks[v] - to[0];
    const by = -landmarks[v + 1] - to[1];
    const bz = -landmarks[v + 2] - to[2];
    fromSpread += w * (ax * ax + ay * ay + az * az);
    toSpread += w * (bx * bx + by * by + bz * bz);
    covariance[0] += w * ax * bx;
    covariance[1] += w * ax * by;
    covariance[2] += w * ax * bz;
    covariance[3] += w * ay * bx;
    covariance[4] += w * ay * by;
    covariance[5] += w * ay * bz;
    covariance[6] += w * az * bx;
    covariance[7] += w * az * by;
    covariance[8] += w * az * bz;
  }
  return { from, to, covariance, fromSpread, toSpread, weight };
};

/** Horn, "Closed-form solution of absolute orientation using unit quaternions" (1987): the matrix N, 4 x 4. */
const hornMatrix = ([xx, xy, xz, yx, yy, yz, zx, zy, zz]: Float64Array): Float64Array =>
  // biome-ignore format: a matrix
  Float64Array.of(
    xx + yy + zz, yz - zy, zx - xz, xy - yx,
    yz - zy, xx - yy - zz, xy + yx, zx + xz,
    zx - xz, xy + yx, yy - xx - zz, yz + zy,
    xy - yx, zx + xz, yz + zy, zz - xx - yy,
  );

const rotationOf = ([w, x, y, z]: Float64Array): Float64Array =>
  // biome-ignore format: a matrix
  Float64Array.of(
    1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
    2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
    2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
  );

/**
 * Fits the canonical face to a frame's landmarks: Procrustes analysis, that is least squares over rotation, scale and
 * translation, weighted, of the landmarks that speech does not move.
 *
 * @param landmarks 468 x (x, y, z), as of one frame of a FaceTrack
 */
export const fitPose = (landmarks: ArrayLike<number>): Pose => {
  const face = canonicalFace();
  const { from, to, covariance: m, fromSpread, toSpread, weight } = moments(face, landmarks);
  const r = rotationOf(largestEigenvector(hornMatrix(m), 4));
  // Trace of rotation times covariance: how far the point sets agree once turned onto each other.
  const agreement =
    r[0] * m[0] +
    r[3] * m[1] +
    r[6] * m[2] +
    r[1] * m[3] +
    r[4] * m[4] +
    r[7] * m[5] +
    r[2] * m[6] +
    r[5] * m[7] +
    r[8] * m[8];
  const scale = agreement / fromSpread;
  const squaredError = Math.max(0, toSpread - scale * agreement);
  return {
    rotation: r,
    scale,
    translation: [
      to[0] - scale * (r[0] * from[0] + r[1] * from[1] + r[2] * from[2]),
      to[1] - scale * (r[3] * from[0] + r[4] * from[1] + r[5] * from[2]),
      to[2] - scale * (r[6] * from[0] + r[7] * from[1] + r[8] * from[2]),
    ],
    ...anglesOf(r),
    residual: Math.sqrt(squaredError / weight) / (scale * face.eyeCornerDistance),
  };
};

/** The unit "IOD" of a posed face: the distance of its outer eye corners in pixels if it looked straight ahead. */
export const eyeCornerPixels = (pose: Pose): number => pose.scale * canonicalFace().eyeCornerDistance;
