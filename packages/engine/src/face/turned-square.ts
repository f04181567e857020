import { LANDMARK_COUNT } from './face-track.js';
import { LEFT_EYE_OUTER, RIGHT_EYE_OUTER } from './landmark-indices.js';

/** A turned square of a frame. Pixels; the centre of the frame's top-left pixel is (0.5, 0.5). */
export type TurnedSquare = {
  readonly x: number;
  readonly y: number;
  /** Length of a side. */
  readonly size: number;
  /** Radians, clockwise in the picture: where the square's own x axis points. */
  readonly angle: number;
};

/**
 * The upright square around a face: its bounding box along the line of the eyes, times `margin`.
 *
 * @param landmarks 468 x (x, y, z)
 */
export const squareAround = (landmarks: Float32Array, margin: number): TurnedSquare => {
  const [left, right] = [LEFT_EYE_OUTER * 3, RIGHT_EYE_OUTER * 3];
  const angle = Math.atan2(landmarks[right + 1] - landmarks[left + 1], landmarks[right] - landmarks[left]);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let p = 0; p < LANDMARK_COUNT * 3; p += 3) {
    const x = landmarks[p] * cos + landmarks[p + 1] * sin;
    const y = landmarks[p + 1] * cos - landmarks[p] * sin;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  const x = (minX + maxX) / 2;
  const y = (minY + maxY) / 2;
  return {
    x: x * cos - y * sin,
    y: x * sin + y * cos,
    size: Math.max(maxX - minX, maxY - minY) * margin,
    angle,
  };
};
