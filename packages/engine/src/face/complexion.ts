import type { Frame } from '../picture/frame.js';
import { canonicalFace } from './canonical-face.js';
import {
  INNER_LIP_RINGS,
  IS_LIP,
  LEFT_EYE_OUTER,
  MOUTH_LEFT,
  MOUTH_RIGHT,
  RIGHT_EYE_OUTER,
} from './landmark-indices.js';

/** Cheeks, nose and lower eyelids: skin that lights the same as the mouth's and is rarely covered with it. */
const CHEEK_LANDMARKS: readonly number[] = [
  50, 280, 101, 330, 117, 346, 118, 347, 119, 348, 5, 4, 195, 197, 36, 266, 203, 423, 45, 275, 114, 343, 188,
  412, 100, 329,
];

/** Teeth, tongue and shadow come and go there. */
const INNER_LIPS: ReadonlySet<number> = new Set(INNER_LIP_RINGS);

/** Centimetres around the middle of the canonical mouth: philtrum, folds beside the mouth, chin. */
const MOUTH_RADIUS = 4.2;

const mouthLandmarks = (): number[] => {
  const { vertices } = canonicalFace();
  const middle = (axis: number): number =>
    (vertices[MOUTH_LEFT * 3 + axis] + vertices[MOUTH_RIGHT * 3 + axis]) / 2;
  return Array.from({ length: vertices.length / 3 }, (_, i) => i).filter(
    (i) =>
      !INNER_LIPS.has(i) &&
      Math.hypot(vertices[i * 3] - middle(0), vertices[i * 3 + 1] - middle(1)) < MOUTH_RADIUS,
  );
};

/** Where a face's colours are sampled: first {@link ComplexionPoints.cheeks} points, then those around the mouth. */
export type ComplexionPoints = {
  readonly landmarks: readonly number[];
  readonly cheeks: number;
  /** Which of `landmarks` lie on the lips. */
  readonly onLips: readonly boolean[];
};

let points: ComplexionPoints | undefined;

export const complexionPoints = (): ComplexionPoints => {
  if (!points) {
    const landmarks = [...CHEEK_LANDMARKS, ...mouthLandmarks()];
    points = {
      landmarks,
      cheeks: CHEEK_LANDMARKS.length,
      onLips: landmarks.map((landmark) => IS_LIP[landmark] === 1),
    };
  }
  return points;
};

/** Radius of the spot that one sample averages, in distances of the eye corners. */
const SPOT = 0.025;
const SPOT_OFFSETS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/** Bilinear sample of a plane at pixel centres + 0.5, its border repeated outside. */
const samplePlane = (
  data: Uint8Array,
  start: number,
  width: number,
  height: number,
  x: number,
  y: number,
): number => {
  const fx = Math.min(Math.max(x - 0.5, 0), width - 1.001);
  const fy = Math.min(Math.max(y - 0.5, 0), height - 1.001);
  const [x0, y0] = [Math.floor(fx), Math.floor(fy)];
  const [ax, ay] = [fx - x0, fy - y0];
  const p = start + y0 * width + x0;
  const top = data[p] + ax * (data[p + 1] - data[p]);
  const low = data[p + width] + ax * (data[p + width + 1] - data[p + width]);
  return top + ay * (low - top);
};

/**
 * The colours of a face at the {@link complexionPoints}: (Y, U, V) of each.
 *
 * @param landmarks 468 x (x, y, z) of the frame
 */
export const sampleComplexion = (frame: Frame, landmarks: Float32Array): Uint8Array<ArrayBuffer> => {
  const { width, height, data } = frame;
  const [left, right] = [LEFT_EYE_OUTER * 3, RIGHT_EYE_OUTER * 3];
  const spot =
    SPOT * Math.hypot(landmarks[left] - landmarks[right], landmarks[left + 1] - landmarks[right + 1]);
  const planes = [
    { start: 0, scale: 1 },
    { start: width * height, scale: 0.5 },
    { start: width * height * 1.25, scale: 0.5 },
  ];
  const colours = complexionPoints().landmarks.flatMap((landmark) =>
    planes.map(({ start, scale }) => {
      let sum = 0;
      for (const [dx, dy] of SPOT_OFFSETS) {
        const x = (landmarks[landmark * 3] + dx * spot) * scale;
        const y = (landmarks[landmark * 3 + 1] + dy * spot) * scale;
        sum += samplePlane(data, start, width * scale, height * scale, x, y);
      }
      return Math.round(sum / SPOT_OFFSETS.length);
    }),
  );
  return Uint8Array.from(colours);
};
