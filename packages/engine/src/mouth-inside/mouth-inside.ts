import type { Plane } from '../picture/affine-warp.js';
import type { SheetGrid } from './inside-view.js';

/** A picture on the sheet with its opacity, 0 to 255; chroma and its opacity at half resolution. */
export type SheetPicture = {
  readonly luma: Plane;
  readonly u: Plane;
  readonly v: Plane;
  readonly opacity: Plane;
  readonly opacityHalf: Plane;
};

/** A row in cells of the sheet: colours 0 to 255 and opacity 0 to 1, before it becomes a {@link SheetPicture}. */
export type RowCells = {
  readonly luma: Float32Array;
  readonly u: Float32Array;
  readonly v: Float32Array;
  readonly opacity: Float32Array;
};

/** What one person has between the lips, in layers: upper teeth over lower teeth over tongue over the cavity. */
export type MouthInside = {
  readonly grid: SheetGrid;
  /** Fixed to the head. */
  readonly upper: SheetPicture;
  /** Rides on the jaw as the lower row does, and rises for some sounds. */
  readonly tongue: SheetPicture;
  /** Rides on the jaw; drawn where it lies when the jaw's aperture is `lowerJaw`, IOD. */
  readonly lower: SheetPicture;
  readonly lowerJaw: number;
  /** Colour of the depth behind both, as luma, U, V. */
  readonly cavity: readonly [number, number, number];
  /** Colour of the lips' inner side, next to their edge. */
  readonly rim: readonly [number, number, number];
  /** Luma of the skin in whose light the pictures were taken, above black. */
  readonly skinLuma: readonly [upper: number, lower: number];
};

const plane = (width: number, height: number): Plane => ({
  data: new Uint8ClampedArray(new SharedArrayBuffer(width * height)),
  x: 0,
  y: 0,
  width,
  height,
  stride: width,
});

const halved = (width: number, height: number, value: (k: number) => number): Plane => {
  const half = plane(width / 2, height / 2);
  for (let y = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++) {
      const k = 2 * y * width + 2 * x;
      half.data[y * half.width + x] = (value(k) + value(k + 1) + value(k + width) + value(k + width + 1)) / 4;
    }
  }
  return half;
};

export const sheetPicture = (
  { width, height }: SheetGrid,
  { luma, u, v, opacity }: RowCells,
): SheetPicture => {
  const full = (value: (k: number) => number): Plane => {
    const out = plane(width, height);
    for (let k = 0; k < out.data.length; k++) out.data[k] = value(k);
    return out;
  };
  return {
    luma: full((k) => luma[k]),
    u: halved(width, height, (k) => u[k]),
    v: halved(width, height, (k) => v[k]),
    opacity: full((k) => 255 * opacity[k]),
    opacityHalf: halved(width, height, (k) => 255 * opacity[k]),
  };
};
