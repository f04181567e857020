import type { Runtime } from '../inference/runtime.js';
import type { Frame } from '../picture/frame.js';
import { createCropper } from './crop.js';
import type { TurnedSquare } from './turned-square.js';

/** A face found in a frame, in pixels. */
export type Detection = {
  readonly score: number;
  /** Centre and longer side of the bounding box (forehead to chin). */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** Radians, clockwise: the line of the eyes. */
  readonly angle: number;
};

/** A square of a frame to look in: its centre and side, in pixels. */
export type SearchSquare = { readonly x: number; readonly y: number; readonly side: number };

/** BlazeFace short range. */
export type FaceDetector = {
  /** Faces in one square; those under about an eighth of its side are missed. */
  detect(frame: Frame, square: SearchSquare): Promise<Detection[]>;
};

const INPUT_SIDE = 128;
const KEYPOINTS = 6;
const REGRESSORS = 4 + 2 * KEYPOINTS;
const MIN_SCORE = 0.5;
const SAME_FACE_OVERLAP = 0.3;

/** Box and eyes as fractions of the search square. */
type RawDetection = {
  score: number;
  x: number;
  y: number;
  width: number;
  height: number;
  leftEye: [number, number];
  rightEye: [number, number];
};

/** SSD anchors of the model (ssd_anchors_calculator with strides 8, 16, 16, 16): centres of 16 x 16 and 8 x 8 cells. */
const ANCHORS: readonly (readonly [x: number, y: number])[] = [
  { cells: 16, perCell: 2 },
  { cells: 8, perCell: 6 },
].flatMap(({ cells, perCell }) =>
  Array.from({ length: cells * cells * perCell }, (_, k) => {
    const cell = Math.floor(k / perCell);
    return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells] as const;
  }),
);

const decodeAnchor = (regressors: Float32Array, anchor: number, score: number): RawDetection => {
  const [ax, ay] = ANCHORS[anchor];
  const value = (k: number): number => regressors[anchor * REGRESSORS + k] / INPUT_SIDE;
  return {
    score,
    x: value(0) + ax,
    y: value(1) + ay,
    width: value(2),
    height: value(3),
    leftEye: [value(4) + ax, value(5) + ay],
    rightEye: [value(6) + ax, value(7) + ay],
  };
};

const overlap = (a: RawDetection, b: RawDetection): number => {
  const width =
    Math.min(a.x + a.width / 2, b.x + b.width / 2) - Math.max(a.x - a.width / 2, b.x - b.width / 2);
  const height =
    Math.min(a.y + a.height / 2, b.y + b.height / 2) - Math.max(a.y - a.height / 2, b.y - b.height / 2);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
};

const weightedMean = (group: readonly RawDetection[]): RawDetection => {
  const total = group.reduce((sum, { score }) => sum + score, 0);
  const mean = (pick: (d: RawDetection) => number): number =>
    group.reduce((sum, d) => sum + d.score * pick(d), 0) / total;
  return {
    score: group[0].score,
    x: mean((d) => d.x),
    y: mean((d) => d.y),
    width: mean((d) => d.width),
    height: mean((d) => d.height),
    leftEye: [mean((d) => d.leftEye[0]), mean((d) => d.leftEye[1])],
    rightEye: [mean((d) => d.rightEye[0]), mean((d) => d.rightEye[1])],
  };
};

/** Weighted non-maximum suppression, as in MediaPipe's face detection. */
const mergeOverlapping = (candidates: RawDetection[]): RawDetection[] => {
  let rest = candidates.toSorted((a, b) => b.score - a.score);
  const merged: RawDetection[] = [];
  while (rest.length > 0) {
    const [best] = rest;
    merged.push(weightedMean(rest.filter((d) => overlap(best, d) > SAME_FACE_OVERLAP)));
    rest = rest.filter((d) => overlap(best, d) <= SAME_FACE_OVERLAP);
  }
  return merged;
};

const decode = (regressors: Float32Array, logits: Float32Array): RawDetection[] => {
  const candidates: RawDetection[] = [];
  for (let anchor = 0; anchor < logits.length; anchor++) {
    const score = 1 / (1 + Math.exp(-logits[anchor]));
    if (score >= MIN_SCORE) candidates.push(decodeAnchor(regressors, anchor, score));
  }
  return mergeOverlapping(candidates);
};

const toFrame = (raw: RawDetection, { x, y, side }: SearchSquare): Detection => ({
  score: raw.score,
  x: x + (raw.x - 0.5) * side,
  y: y + (raw.y - 0.5) * side,
  size: Math.max(raw.width, raw.height) * side,
  angle: Math.atan2(raw.rightEye[1] - raw.leftEye[1], raw.rightEye[0] - raw.leftEye[0]),
});

/** The detector runs in the calling thread, one square at a time. */
export const createFaceDetector = async (runtime: Runtime, model: Uint8Array): Promise<FaceDetector> => {
  const network = await runtime.open(model, ['boxes', 'scores']);
  const cropper = createCropper({ size: INPUT_SIDE, scale: 2 / 255, bias: -1, outside: 'black' });
  return {
    detect: async (frame, square) => {
      const upright: TurnedSquare = { x: square.x, y: square.y, size: square.side, angle: 0 };
      const samples = Math.max(1, Math.min(4, Math.round(square.side / INPUT_SIDE / 2)));
      cropper.crop(frame, upright, samples);
      const { boxes, scores } = await network.run(cropper.rgb);
      return decode(boxes, scores).map((raw) => toFrame(raw, square));
    },
  };
};

/** Margin around a detection that the mesh was trained with. */
const MESH_MARGIN = 1.5;

/** The square in which the mesh should look for a detected face. */
export const squareOfDetection = ({ x, y, size, angle }: Detection): TurnedSquare => ({
  x,
  y,
  size: size * MESH_MARGIN,
  angle,
});
