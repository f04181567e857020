import { readFaceWeights } from './face-models.js';
import { LEFT_EYE_OUTER, RIGHT_EYE_OUTER } from './landmark-indices.js';

/** MediaPipe's mean face: the shape that poses are measured against. */
export type CanonicalFace = {
  /** 468 x (x, y, z) in centimetres of the mean face: x to the picture's right, y up, z towards the camera. */
  readonly vertices: Float64Array;
  /** 898 triangles as triples of landmark indices; the eyes are open, the mouth is filled. */
  readonly triangles: Uint16Array;
  /** The landmarks that hold still while a face speaks, and how much each counts in a pose fit. */
  readonly poseLandmarks: Uint16Array;
  readonly poseWeights: Float64Array;
  /** Distance of the outer eye corners in centimetres. */
  readonly eyeCornerDistance: number;
};

const eyeCornerDistance = (vertices: Float64Array): number => {
  const [a, b] = [LEFT_EYE_OUTER * 3, RIGHT_EYE_OUTER * 3];
  return Math.hypot(
    vertices[a] - vertices[b],
    vertices[a + 1] - vertices[b + 1],
    vertices[a + 2] - vertices[b + 2],
  );
};

type StoredFace = Record<'vertices' | 'triangles' | 'poseLandmarks' | 'poseWeights', number[]>;

const readCanonicalFace = (): CanonicalFace => {
  const stored = JSON.parse(readFaceWeights('canonical-face.json').toString('utf8')) as StoredFace;
  const vertices = Float64Array.from(stored.vertices);
  return {
    vertices,
    triangles: Uint16Array.from(stored.triangles),
    poseLandmarks: Uint16Array.from(stored.poseLandmarks),
    poseWeights: Float64Array.from(stored.poseWeights),
    eyeCornerDistance: eyeCornerDistance(vertices),
  };
};

let cached: CanonicalFace | undefined;

/**
 * The canonical face, read once.
 *
 * @throws FaceModelError when the file is missing
 */
export const canonicalFace = (): CanonicalFace => {
  cached ??= readCanonicalFace();
  return cached;
};
