import { MOUTH_LEFT, MOUTH_RIGHT, OUTER_LIP_LINE } from '../face/landmark-indices.js';
import type { Frame } from '../picture/frame.js';
import { fillPolygon } from '../picture/polygon-mask.js';

/**
 * A small picture of the mouth, turned and scaled so that the corners always fall on the same two points: what mouths of
 * different frames are compared by. Planes of luma, U and V, each PATCH_WIDTH x PATCH_HEIGHT.
 */
export type MouthPatch = {
  readonly luma: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
};

export const PATCH_WIDTH = 40;
export const PATCH_HEIGHT = 28;
/** Patch pixels between the mouth corners; the rest is margin. */
const CORNER_SPAN = 32;
/** Row of the line through the corners: a mouth opens more downwards than upwards. */
const CORNER_ROW = 12;

/** Maps patch coordinates to frame pixels: x = cx + u * ux - v * uy, y = cy + u * uy + v * ux. */
const patchAxes = (landmarks: Float32Array) => {
  const ax = landmarks[3 * MOUTH_LEFT];
  const ay = landmarks[3 * MOUTH_LEFT + 1];
  const bx = landmarks[3 * MOUTH_RIGHT];
  const by = landmarks[3 * MOUTH_RIGHT + 1];
  return {
    cx: (ax + bx) / 2,
    cy: (ay + by) / 2,
    ux: (bx - ax) / CORNER_SPAN,
    uy: (by - ay) / CORNER_SPAN,
  };
};

/** @param landmarks 468 x (x, y, z) of the face on the frame */
export const cutMouthPatch = (frame: Frame, landmarks: Float32Array): MouthPatch => {
  const { cx, cy, ux, uy } = patchAxes(landmarks);
  const { width, height, data } = frame;
  const half = width / 2;
  const uPlane = width * height;
  const vPlane = uPlane + (uPlane >> 2);
  const size = PATCH_WIDTH * PATCH_HEIGHT;
  const patch = { luma: new Uint8Array(size), u: new Uint8Array(size), v: new Uint8Array(size) };
  for (let row = 0; row < PATCH_HEIGHT; row++) {
    for (let col = 0; col < PATCH_WIDTH; col++) {
      const a = col + 0.5 - PATCH_WIDTH / 2;
      const b = row + 0.5 - CORNER_ROW;
      const x = Math.max(0, Math.min(width - 1, Math.floor(cx + a * ux - b * uy)));
      const y = Math.max(0, Math.min(height - 1, Math.floor(cy + a * uy + b * ux)));
      const chroma = (y >> 1) * half + (x >> 1);
      const k = row * PATCH_WIDTH + col;
      patch.luma[k] = data[y * width + x];
      patch.u[k] = data[uPlane + chroma];
      patch.v[k] = data[vPlane + chroma];
    }
  }
  return patch;
};

const WHOLE_PATCH = { x: 0, y: 0, width: PATCH_WIDTH, height: PATCH_HEIGHT };

/** What shows between the lips, as shares of the area within the outer lip line, 0 to 1. */
export type MouthContents = {
  /** Bright and much less red than the lips. */
  readonly teeth: number;
  /** Much darker than the lips: an opening. Closed lips have a thin dark line, about 0.02. */
  readonly dark: number;
};

/** Judged by colour alone: the tracker may call a mouth closed while teeth or a dark gap show. */
export const mouthContents = (patch: MouthPatch, landmarks: Float32Array): MouthContents => {
  const { cx, cy, ux, uy } = patchAxes(landmarks);
  const norm = ux * ux + uy * uy;
  const outline = OUTER_LIP_LINE.flatMap((i) => {
    const dx = landmarks[3 * i] - cx;
    const dy = landmarks[3 * i + 1] - cy;
    return [(dx * ux + dy * uy) / norm + PATCH_WIDTH / 2, (dy * ux - dx * uy) / norm + CORNER_ROW];
  });
  const inside = new Float32Array(PATCH_WIDTH * PATCH_HEIGHT);
  fillPolygon(outline, WHOLE_PATCH, inside, 1);
  const redness: number[] = [];
  const luma: number[] = [];
  inside.forEach((on, k) => {
    if (!on) return;
    // V is the red difference; over luma it is what (R - G) / (R + G + B) is in RGB.
    redness.push((patch.v[k] - 128) / (patch.luma[k] + 1));
    luma.push(patch.luma[k]);
  });
  if (redness.length === 0) return { teeth: 0, dark: 0 };
  const lipRedness = [...redness].sort((a, b) => a - b)[Math.floor(0.7 * redness.length)];
  const middleLuma = [...luma].sort((a, b) => a - b)[luma.length >> 1];
  const teeth = redness.filter((r, k) => r < 0.45 * lipRedness && luma[k] > 1.15 * middleLuma);
  const dark = luma.filter((value) => value - 16 < 0.45 * (middleLuma - 16));
  return { teeth: teeth.length / redness.length, dark: dark.length / luma.length };
};
