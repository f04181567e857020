/**
 * One picture as planar YUV 4:2:0 (I420), bt709 colour, limited range (luma 16 to 235).
 * `data` holds the luma plane (width * height bytes), then U, then V (each width/2 * height/2 bytes).
 * Width and height are even pixels.
 */
export type Frame = {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
};

/** Bytes of one {@link Frame} of this size. */
export const frameBytes = (width: number, height: number): number => (width * height * 3) / 2;
