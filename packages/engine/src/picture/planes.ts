import type { Plane } from './affine-warp.js';
import type { Frame } from './frame.js';
import type { Region } from './polygon-mask.js';

/** A picture's three planes, luma at full and chroma at half resolution. */
export type PicturePlanes<Data = Uint8ClampedArray> = {
  readonly luma: Plane<Data>;
  readonly u: Plane<Data>;
  readonly v: Plane<Data>;
};

const clamped = (bytes: Uint8Array, start: number, length: number): Uint8ClampedArray =>
  new Uint8ClampedArray(bytes.buffer, bytes.byteOffset + start, length);

/** Views on the planes of an I420 picture that begins at `offset` and covers `box` (even pixels). */
export const i420Planes = (bytes: Uint8Array, offset: number, box: Region): PicturePlanes => {
  const { x, y, width, height } = box;
  const size = width * height;
  const half = { x: x / 2, y: y / 2, width: width / 2, height: height / 2, stride: width / 2 };
  return {
    luma: { data: clamped(bytes, offset, size), x, y, width, height, stride: width },
    u: { ...half, data: clamped(bytes, offset + size, size / 4) },
    v: { ...half, data: clamped(bytes, offset + size + size / 4, size / 4) },
  };
};

/** Views on a frame's planes; writing to them changes the frame. */
export const framePlanes = (frame: Frame): PicturePlanes =>
  i420Planes(frame.data, 0, { x: 0, y: 0, width: frame.width, height: frame.height });

/** The part of a plane that lies under a region; shares the memory. `region` in the plane's own pixels, inside it. */
export const windowOf = (plane: Plane, region: Region): Plane => ({
  data: plane.data.subarray((region.y - plane.y) * plane.stride + region.x - plane.x),
  x: region.x,
  y: region.y,
  width: region.width,
  height: region.height,
  stride: plane.stride,
});

/** A region of luma pixels in chroma pixels. */
export const halfRegion = ({ x, y, width, height }: Region): Region => ({
  x: x / 2,
  y: y / 2,
  width: width / 2,
  height: height / 2,
});

/** The smallest region on even pixels that holds all listed points plus a margin, cut to `bounds`. */
export const evenRegion = (
  points: Float64Array,
  indices: Iterable<number>,
  margin: number,
  bounds: Region,
): Region => {
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

/** Planes to compose a layer in, of bytes or of floats; grows as needed and is reused. */
export class LayerBuffer<Data extends Uint8ClampedArray | Float32Array> {
  readonly #create: (length: number) => Data;
  #luma: Data;
  #u: Data;
  #v: Data;

  constructor(create: (length: number) => Data) {
    this.#create = create;
    this.#luma = create(0);
    this.#u = create(0);
    this.#v = create(0);
  }

  /** Zeroed planes over a region on even pixels. */
  planes(region: Region): PicturePlanes<Data> {
    const size = region.width * region.height;
    if (this.#luma.length < size) {
      this.#luma = this.#create(size);
      this.#u = this.#create(size / 4);
      this.#v = this.#create(size / 4);
    }
    const half = halfRegion(region);
    this.#luma.fill(0, 0, size);
    this.#u.fill(0, 0, size / 4);
    this.#v.fill(0, 0, size / 4);
    return {
      luma: { ...region, stride: region.width, data: this.#luma },
      u: { ...half, stride: half.width, data: this.#u },
      v: { ...half, stride: half.width, data: this.#v },
    };
  }
}
