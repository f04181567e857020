import type { Frame } from '../picture/frame.js';
import { type AttentionMesh, emptyLandmarks } from './attention-mesh.js';
import type { FaceDetector } from './face-detector.js';
import { settle } from './follow-face.js';
import { allFaces, refineDetection } from './search-faces.js';

/** The box around a face, from forehead to chin, in pixels; x and y are its upper left corner. */
export type FaceBox = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/**
 * What is listed must be a face to the detector too: those score above 0.8, and chairs and hands that the mesh takes for
 * faces below 0.65.
 */
const LISTED_SCORE = 0.7;

/** Lists the faces of a frame from left to right. */
export type FaceLister = (frame: Frame) => Promise<FaceBox[]>;

const boxAround = (landmarks: Float32Array): FaceBox => {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let p = 0; p < landmarks.length; p += 3) {
    left = Math.min(left, landmarks[p]);
    right = Math.max(right, landmarks[p]);
    top = Math.min(top, landmarks[p + 1]);
    bottom = Math.max(bottom, landmarks[p + 1]);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
};

/** Boxes of one face found twice overlap by more than half of the smaller one. */
const isSame = (a: FaceBox, b: FaceBox): boolean => {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const smaller = Math.min(a.width * a.height, b.width * b.height);
  return Math.max(0, width) * Math.max(0, height) > smaller / 2;
};

export const createFaceLister = (detector: FaceDetector, mesh: AttentionMesh): FaceLister => {
  const landmarks = emptyLandmarks();
  return async (frame) => {
    const boxes: FaceBox[] = [];
    for (const detection of await allFaces(detector, frame)) {
      const again = await refineDetection(detector, frame, detection);
      if (Math.max(detection.score, again.score) < LISTED_SCORE) continue;
      if (!(await settle(detector, mesh, frame, detection, landmarks))) continue;
      const box = boxAround(landmarks);
      if (!boxes.some((other) => isSame(other, box))) boxes.push(box);
    }
    return boxes.sort((a, b) => a.x + a.width / 2 - (b.x + b.width / 2));
  };
};
