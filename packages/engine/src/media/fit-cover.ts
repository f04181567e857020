export type Size = { readonly width: number; readonly height: number };

/** How a source picture becomes the output picture. */
export type CoverFit = {
  /** Even size at which frames are decoded and rendered; the output's aspect, never larger than needed. */
  readonly working: Size;
  /** Even size of the finished video. */
  readonly output: Size;
};

const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);
const evenBelow = (value: number): number => Math.max(2, Math.floor(value / 2) * 2);

/** The whole picture, undistorted and even, its longer side at most so long; never enlarged. */
export const fitWithin = (source: Size, longerSide: number): Size => {
  const scale = Math.min(1, longerSide / Math.max(source.width, source.height));
  return { width: even(source.width * scale), height: even(source.height * scale) };
};

/**
 * Choose the size to work at so that the source fills the output, cropped and never distorted. The working size is
 * the output's when the source has the pixels for it, else the largest part of the source with the output's aspect;
 * the encoder enlarges that. Without an `output`, the video keeps the source's size (made even by dropping a line).
 */
export const fitCover = (source: Size, output?: Size): CoverFit => {
  if (!output) {
    const own = { width: evenBelow(source.width), height: evenBelow(source.height) };
    return { working: own, output: own };
  }
  const target = { width: even(output.width), height: even(output.height) };
  const enlargement = Math.max(target.width / source.width, target.height / source.height);
  if (enlargement <= 1) return { working: target, output: target };
  return {
    working: { width: even(target.width / enlargement), height: even(target.height / enlargement) },
    output: target,
  };
};
