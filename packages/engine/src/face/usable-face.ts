import { eyeCornerPixels, type PosedFace } from './pose.js';
import { squareAround, type TurnedSquare } from './turned-square.js';

/** Sure finds score above 0.99, lost ones below 0.8, and things that the detector takes for faces below 0.7. */
export const SURE_SCORE = 0.9;
/** In IOD. Faces found measure 0.03 to 0.066, turned ones up to 0.087, things that are no faces 0.08 and more. */
const MAX_RESIDUAL = 0.08;
/** Degrees. Beyond, the far half of the lips is out of sight, and drawn over the background. */
const MAX_YAW = 38;
const MAX_PITCH = 40;
/** Pixels. Below, a mouth is less than nine pixels wide. */
const MIN_EYE_CORNER_PIXELS = 16;
/** How far (in square sizes, and in size) the landmarks may lie from where the face was followed to. */
const MAX_JUMP = 0.15;
const MAX_GROWTH = 1.3;

/** A face found in a frame. */
export type FoundFace = PosedFace & { readonly score: number };

/**
 * Whether a mouth may be drawn on the face or taken from it, as far as its landmarks tell.
 *
 * @param square where the face was looked for, with `margin` over the box around the face
 */
export const isUsableFace = (
  { score, landmarks, pose }: FoundFace,
  square: TurnedSquare,
  margin: number,
): boolean => {
  const found = squareAround(landmarks, margin);
  const jump = Math.hypot(found.x - square.x, found.y - square.y) / square.size;
  const growth = Math.max(found.size / square.size, square.size / found.size);
  return (
    score >= SURE_SCORE &&
    jump < MAX_JUMP &&
    growth < MAX_GROWTH &&
    pose.residual < MAX_RESIDUAL &&
    Math.abs(pose.yaw) < MAX_YAW &&
    Math.abs(pose.pitch) < MAX_PITCH &&
    eyeCornerPixels(pose) >= MIN_EYE_CORNER_PIXELS
  );
};
