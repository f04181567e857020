import type { Frame } from '../picture/frame.js';
import { gridOver, sampleLuma } from './sample-luma.js';
import type { TurnedSquare } from './turned-square.js';

/** Turns squares of frames into the input of a network. */
export type Cropper = {
  /** (R, G, B) x size x size: a plane for each colour; overwritten by each crop. */
  readonly rgb: Float32Array;
  /**
   * @param samples luma samples along each axis of a crop pixel: 1, or more to average where the crop shrinks the
   *   picture
   */
  crop(frame: Frame, square: TurnedSquare, samples: number): void;
};

export type CropperOptions = {
  /** Pixels of a side; even. */
  readonly size: number;
  /** RGB 0 to 255 becomes value * scale + bias. */
  readonly scale: number;
  readonly bias: number;
  /** What lies outside the frame: its nearest pixel, or black. */
  readonly outside: 'nearest' | 'black';
};

// BT.709 limited range (ITU-R BT.709-6, 3.5) to RGB 0 to 255.
const LUMA_GAIN = 255 / 219;
const RED_FROM_V = (2 * (1 - 0.2126) * 255) / 224;
const BLUE_FROM_U = (2 * (1 - 0.0722) * 255) / 224;
const GREEN_FROM_U = (-BLUE_FROM_U * 0.0722) / 0.7152;
const GREEN_FROM_V = (-RED_FROM_V * 0.2126) / 0.7152;

/** Offset of the nearest chroma sample to a frame position, from the start of a chroma plane. */
const chromaOffset = ({ width, height }: Frame, x: number, y: number): number => {
  const column = Math.min(Math.max(x >> 1, 0), width / 2 - 1);
  const row = Math.min(Math.max(y >> 1, 0), height / 2 - 1);
  return (row * width) / 2 + column;
};

const blackenOutside = (
  frame: Frame,
  square: TurnedSquare,
  { size, bias }: CropperOptions,
  rgb: Float32Array,
): void => {
  const { x: startX, y: startY, dx, dy } = gridOver(square, size);
  const pixels = size * size;
  for (let j = 0, o = 0; j < size; j++) {
    for (let i = 0; i < size; i++, o++) {
      const x = startX + i * dx - j * dy;
      const y = startY + i * dy + j * dx;
      if (x >= 0 && y >= 0 && x < frame.width && y < frame.height) continue;
      rgb[o] = bias;
      rgb[o + pixels] = bias;
      rgb[o + 2 * pixels] = bias;
    }
  }
};

/** Luma is sampled for each crop pixel, chroma for each 2 x 2 block of them, as it is stored in the frame. */
export const createCropper = (options: CropperOptions): Cropper => {
  const { size, scale, bias, outside } = options;
  const pixels = size * size;
  const rgb = new Float32Array(pixels * 3);
  const luma = new Float32Array(pixels);
  const gain = LUMA_GAIN * scale;
  const [low, high] = [bias, 255 * scale + bias];
  const writePixel = (pixel: number, red: number, green: number, blue: number): void => {
    const gray = (luma[pixel] - 16) * gain + bias;
    rgb[pixel] = Math.min(high, Math.max(low, gray + red));
    rgb[pixel + pixels] = Math.min(high, Math.max(low, gray + green));
    rgb[pixel + 2 * pixels] = Math.min(high, Math.max(low, gray + blue));
  };
  return {
    rgb,
    crop: (frame, square, samples) => {
      const { data } = frame;
      const uPlane = frame.width * frame.height;
      const vPlane = uPlane + uPlane / 4;
      sampleLuma(frame, square, size, samples, luma);
      const { x: startX, y: startY, dx, dy } = gridOver(square, size / 2);
      for (let j = 0; j < size / 2; j++) {
        for (let i = 0; i < size / 2; i++) {
          const chroma = chromaOffset(frame, startX + i * dx - j * dy, startY + i * dy + j * dx);
          const u = (data[uPlane + chroma] - 128) * scale;
          const v = (data[vPlane + chroma] - 128) * scale;
          const red = RED_FROM_V * v;
          const green = GREEN_FROM_U * u + GREEN_FROM_V * v;
          const blue = BLUE_FROM_U * u;
          const pixel = j * 2 * size + i * 2;
          writePixel(pixel, red, green, blue);
          writePixel(pixel + 1, red, green, blue);
          writePixel(pixel + size, red, green, blue);
          writePixel(pixel + size + 1, red, green, blue);
        }
      }
      if (outside === 'black') blackenOutside(frame, square, options, rgb);
    },
  };
};
