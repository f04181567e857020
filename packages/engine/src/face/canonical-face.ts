import { LANDMARK_COUNT } from './face-track.js';
import { LEFT_EYE_OUTER, RIGHT_EYE_OUTER } from './landmark-indices.js';
import { readModels } from './model-assets.js';
import { float32s, protobufFields, varints } from './protobuf.js';

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

/** Floats per vertex in the file: x, y, z and two texture coordinates. */
const VERTEX_FLOATS = 5;

/**
 * Fields of GeometryPipelineMetadata and Mesh3d in MediaPipe's
 * `modules/face_geometry/protos/{geometry_pipeline_metadata,mesh_3d}.proto`.
 */
const FIELD = {
  mesh: 1,
  poseLandmark: 2,
  vertexBuffer: 3,
  indexBuffer: 4,
  landmarkId: 1,
  weight: 2,
} as const;

const parseMesh = (bytes: Uint8Array): Pick<CanonicalFace, 'vertices' | 'triangles'> => {
  const floats: number[] = [];
  const indices: number[] = [];
  for (const { field, value } of protobufFields(bytes)) {
    if (field === FIELD.vertexBuffer) floats.push(...(typeof value === 'number' ? [value] : float32s(value)));
    if (field === FIELD.indexBuffer) indices.push(...(typeof value === 'number' ? [value] : varints(value)));
  }
  const vertices = Float64Array.from(
    { length: LANDMARK_COUNT * 3 },
    (_, k) => floats[Math.floor(k / 3) * VERTEX_FLOATS + (k % 3)],
  );
  return { vertices, triangles: Uint16Array.from(indices) };
};

const parsePoseLandmark = (bytes: Uint8Array): { id: number; weight: number } => {
  const parsed = { id: 0, weight: 0 };
  for (const { field, value } of protobufFields(bytes)) {
    if (field === FIELD.landmarkId) parsed.id = Number(value);
    if (field === FIELD.weight) parsed.weight = Number(value);
  }
  return parsed;
};

const eyeCornerDistance = (vertices: Float64Array): number => {
  const [a, b] = [LEFT_EYE_OUTER * 3, RIGHT_EYE_OUTER * 3];
  return Math.hypot(
    vertices[a] - vertices[b],
    vertices[a + 1] - vertices[b + 1],
    vertices[a + 2] - vertices[b + 2],
  );
};

const parseCanonicalFace = (bytes: Uint8Array): CanonicalFace => {
  let mesh: Pick<CanonicalFace, 'vertices' | 'triangles'> | undefined;
  const pose: { id: number; weight: number }[] = [];
  for (const { field, value } of protobufFields(bytes)) {
    if (typeof value === 'number') continue;
    if (field === FIELD.mesh) mesh = parseMesh(value);
    if (field === FIELD.poseLandmark) pose.push(parsePoseLandmark(value));
  }
  if (!mesh) throw new Error('face geometry without a mesh');
  return {
    ...mesh,
    poseLandmarks: Uint16Array.from(pose, ({ id }) => id),
    poseWeights: Float64Array.from(pose, ({ weight }) => weight),
    eyeCornerDistance: eyeCornerDistance(mesh.vertices),
  };
};

let cached: CanonicalFace | undefined;

/**
 * The canonical face, read once.
 *
 * @throws FaceModelError when the model files are missing or wrong
 */
export const canonicalFace = (): CanonicalFace => {
  cached ??= parseCanonicalFace(readModels(['faceGeometry']).faceGeometry);
  return cached;
};
