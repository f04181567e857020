import type { Pose } from '../face/pose.js';
import type { Shape } from '../mouth-space/face-space.js';

/**
 * The sheet that the inside of a mouth is drawn on: it hangs on the nose and is bent like a row of teeth, so that a
 * turned head shows it turned. Coordinates x (to the right of the picture) and y (down) in face-space centimetres,
 * from the middle of {@link HEAD_ANCHORS}.
 */

/** Base and wings of the nose: what speech moves least of what is near the mouth. */
const HEAD_ANCHORS = [2, 98, 327];
/** Depth of the front teeth behind the nose base, and how fast the row runs back beside the middle (per cm). */
const DEPTH = 0.6;
const BEND = 0.24;

/** The sheet reaches so far to both sides, and from `SHEET_TOP` to `SHEET_BOTTOM` down. */
export const SHEET_REACH = 3.3;
export const SHEET_TOP = 1;
export const SHEET_BOTTOM = 5.4;

/** Middle of the anchors in face space. */
export type HeadAnchor = readonly [x: number, y: number, z: number];

export const headAnchor = (shape: Shape): HeadAnchor => {
  const middle = (c: number) =>
    HEAD_ANCHORS.reduce((sum, i) => sum + shape[3 * i + c], 0) / HEAD_ANCHORS.length;
  return [middle(0), middle(1), middle(2)];
};

/** A point of the sheet in frame pixels. */
export const sheetToPixels = (
  x: number,
  y: number,
  anchor: HeadAnchor,
  { rotation: r, scale, translation }: Pose,
): [number, number] => {
  const px = anchor[0] + x;
  const py = anchor[1] - y;
  const pz = anchor[2] - DEPTH - BEND * x * x;
  return [
    scale * (r[0] * px + r[1] * py + r[2] * pz) + translation[0],
    -(scale * (r[3] * px + r[4] * py + r[5] * pz) + translation[1]),
  ];
};
