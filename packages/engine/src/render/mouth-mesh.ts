import { canonicalFace } from '../face/canonical-face.js';
import { LANDMARK_COUNT } from '../face/face-track.js';
import { FACE_OVAL, INNER_LIP_LINE, IS_LIP } from '../face/landmark-indices.js';
import { lowerFace } from '../mouth-space/lower-face.js';

/** Which triangles of the face take part in drawing a mouth. Index triples over {@link MESH_POINTS} points. */
export type MouthMesh = {
  /** Skin and lips that move with the mouth, and a ring around the face that fades the motion out. */
  readonly base: Uint16Array;
  /** Lips and the skin near them: what is taken from a donor. */
  readonly donor: Uint16Array;
  /** The base without the lips. */
  readonly skin: Uint16Array;
};

/** The landmarks, then one ring point outside each point of the face oval. */
const RING_START: number = LANDMARK_COUNT;
export const MESH_POINTS: number = LANDMARK_COUNT + FACE_OVAL.length;
/** How far outside the face the ring lies, in IOD; wider bends more background less. */
const RING_DISTANCE = 0.4;

const faceTriangles = (): number[][] => {
  const { triangles } = canonicalFace();
  const inner = new Set(INNER_LIP_LINE);
  const all = Array.from({ length: triangles.length / 3 }, (_, q) => [
    ...triangles.subarray(3 * q, 3 * q + 3),
  ]);
  return all.filter((t) => !t.every((i) => inner.has(i)));
};

const ringTriangles = (weight: Float64Array): number[][] =>
  FACE_OVAL.flatMap((i, k) => {
    const next = (k + 1) % FACE_OVAL.length;
    const j = FACE_OVAL[next];
    if (weight[i] === 0 && weight[j] === 0) return [];
    return [
      [i, j, RING_START + k],
      [j, RING_START + next, RING_START + k],
    ];
  });

/** The lips and `rings` rows of triangles around them. */
const aroundLips = (triangles: readonly number[][], rings: number): number[][] => {
  let near = new Set(Array.from(IS_LIP.keys()).filter((i) => IS_LIP[i]));
  for (let r = 0; r < rings; r++) {
    const grown = new Set(near);
    for (const t of triangles) if (t.some((i) => near.has(i))) for (const i of t) grown.add(i);
    near = grown;
  }
  return triangles.filter((t) => t.every((i) => near.has(i)));
};

let cached: MouthMesh | undefined;

export const mouthMesh = (): MouthMesh => {
  if (!cached) {
    const { weight } = lowerFace();
    const triangles = faceTriangles();
    const moving = triangles.filter((t) => t.some((i) => weight[i] > 0));
    const ring = ringTriangles(weight);
    cached = {
      base: Uint16Array.from([...ring, ...moving].flat()),
      donor: Uint16Array.from(aroundLips(triangles, 4).flat()),
      skin: Uint16Array.from([...ring, ...moving.filter((t) => !t.every((i) => IS_LIP[i]))].flat()),
    };
  }
  return cached;
};

/**
 * Writes the ring points of a frame's landmarks: the oval pushed outwards.
 *
 * @param landmarks x, y pairs of the frame as it is
 * @param out where to write them, from RING_START on
 */
export const placeRing = (landmarks: Float64Array, iod: number, out: Float64Array): void => {
  let cx = 0;
  let cy = 0;
  for (const i of FACE_OVAL) {
    cx += landmarks[2 * i] / FACE_OVAL.length;
    cy += landmarks[2 * i + 1] / FACE_OVAL.length;
  }
  FACE_OVAL.forEach((i, k) => {
    const dx = landmarks[2 * i] - cx;
    const dy = landmarks[2 * i + 1] - cy;
    const reach = 1 + (RING_DISTANCE * iod) / (Math.hypot(dx, dy) || 1);
    out[2 * (RING_START + k)] = cx + dx * reach;
    out[2 * (RING_START + k) + 1] = cy + dy * reach;
  });
};
