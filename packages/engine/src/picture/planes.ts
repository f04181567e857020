import { growingLength } from '../kernels/kernel-memory.js';
import type { Plane } from './affine-warp.js';
import type { Frame } from './frame.js';
import { halfBox, type PixelBox } from './pixel-box.js';

/** A picture's three planes, luma at full and chroma at half resolution. */
export type PicturePlanes<Data = Uint8ClampedArray> = {
  readonly luma: Plane<Data>;
  readonly u: Plane<Data>;
  readonly v: Plane<Data>;
};

const clamped = (bytes: Uint8Array, start: number, length: number): Uint8ClampedArray =>
  new Uint8ClampedArray(bytes.buffer, bytes.byteOffset + start, length);

/** Views on the planes of an I420 picture that begins at `offset` and covers `box` (even pixels). */
export const i420Planes = (bytes: Uint8Array, offset: number, box: PixelBox): PicturePlanes => {
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

/** The part of a plane that lies under a box; shares the memory. `box` in the plane's own pixels, inside it. */
export const windowOf = (plane: Plane, box: PixelBox): Plane => ({
  data: plane.data.subarray((box.y - plane.y) * plane.stride + box.x - plane.x),
  x: box.x,
  y: box.y,
  width: box.width,
  height: box.height,
  stride: plane.stride,
});

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

  /** Planes over a box on even pixels, with whatever was in them before. */
  room(box: PixelBox): PicturePlanes<Data> {
    const size = box.width * box.height;
    if (this.#luma.length < size) {
      const length = growingLength(size);
      this.#luma = this.#create(length);
      this.#u = this.#create(length / 4);
      this.#v = this.#create(length / 4);
    }
    const half = halfBox(box);
    return {
      luma: { ...box, stride: box.width, data: this.#luma },
      u: { ...half, stride: half.width, data: this.#u },
      v: { ...half, stride: half.width, data: this.#v },
    };
  }

  /** Zeroed planes over a box on even pixels. */
  planes(box: PixelBox): PicturePlanes<Data> {
    const { luma, u, v } = this.room(box);
    for (const { data, width, height } of [luma, u, v]) data.fill(0, 0, width * height);
    return { luma, u, v };
  }
}
