/** An upright rectangle of whole pixels: its top left pixel and its size. */
export type PixelBox = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** A box of luma pixels in chroma pixels. */
export const halfBox = ({ x, y, width, height }: PixelBox): PixelBox => ({
  x: x / 2,
  y: y / 2,
  width: width / 2,
  height: height / 2,
});

/** The smallest box on even pixels that holds all listed points plus a margin, cut to `bounds`. */
export const evenBoxAround = (
  points: Float64Array,
  indices: Iterable<number>,
  margin: number,
  bounds: PixelBox,
): PixelBox => {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const i of indices) {
    left = Math.min(left, points[2 * i]);
    right = Math.max(right, points[2 * i]);
    top = Math.min(top, points[2 * i + 1]);
    bottom = Math.max(bottom, points[2 * i + 1]);
  }
  const x = 2 * Math.floor(Math.max(bounds.x, left - margin) / 2);
  const y = 2 * Math.floor(Math.max(bounds.y, top - margin) / 2);
  const endX = Math.min(bounds.x + bounds.width, 2 * Math.ceil((right + margin) / 2));
  const endY = Math.min(bounds.y + bounds.height, 2 * Math.ceil((bottom + margin) / 2));
  return { x, y, width: Math.max(0, endX - x), height: Math.max(0, endY - y) };
};
