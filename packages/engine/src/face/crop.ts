import type { Frame } from '../media/frame.js';
import type { Region } from './region.js';

/** How a crop becomes the input of a network. */
export type CropTarget = {
  /** size x size x (R, G, B) is written here. */
  readonly rgb: Float32Array;
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

/** Bilinear sample of a plane at a pixel-centre coordinate, the plane's border repeated outside. */
const samplePlane = (
  plane: Uint8Array,
  start: number,
  width: number,
  height: number,
  x: number,
  y: number,
): number => {
  const fx = Math.min(Math.max(x - 0.5, 0), width - 1);
  const fy = Math.min(Math.max(y - 0.5, 0), height - 1);
  const x0 = Math.min(fx | 0, width - 2);
  const y0 = Math.min(fy | 0, height - 2);
  const ax = fx - x0;
  const ay = fy - y0;
  const p = start + y0 * width + x0;
  const top = plane[p] + ax * (plane[p + 1] - plane[p]);
  const low = plane[p + width] + ax * (plane[p + width + 1] - plane[p + width]);
  return top + ay * (low - top);
};

/**
 * Samples a region of a frame as RGB, bilinear. Chroma is sampled once for each 2 x 2 block of the crop, as it is
 * stored in the frame.
 *
 * @param samples luma samples along each axis of a crop pixel: 1, or more to average when the crop shrinks the picture
 */
export const cropRgb = (frame: Frame, region: Region, target: CropTarget, samples = 1): void => {
  const { width, height, data } = frame;
  const { rgb, size, scale, bias, outside } = target;
  const chromaWidth = width / 2;
  const chromaHeight = height / 2;
  const uStart = width * height;
  const vStart = uStart + chromaWidth * chromaHeight;
  const step = region.size / size;
  const [dx, dy] = [Math.cos(region.angle) * step, Math.sin(region.angle) * step];
  // Frame position of the crop's own top-left corner; crop pixel (i, j) is centred at corner + (i + .5) d + (j + .5) d⊥.
  const cornerX = region.x - (size / 2) * (dx - dy);
  const cornerY = region.y - (size / 2) * (dx + dy);
  const black = outside === 'black';
  for (let j = 0; j < size; j += 2) {
    for (let i = 0; i < size; i += 2) {
      const blockX = cornerX + (i + 1) * dx - (j + 1) * dy;
      const blockY = cornerY + (i + 1) * dy + (j + 1) * dx;
      const u = samplePlane(data, uStart, chromaWidth, chromaHeight, blockX / 2, blockY / 2) - 128;
      const v = samplePlane(data, vStart, chromaWidth, chromaHeight, blockX / 2, blockY / 2) - 128;
      const red = RED_FROM_V * v;
      const green = GREEN_FROM_U * u + GREEN_FROM_V * v;
      const blue = BLUE_FROM_U * u;
      for (let b = 0; b < 4; b++) {
        const ci = i + (b & 1);
        const cj = j + (b >> 1);
        const o = (cj * size + ci) * 3;
        const x = cornerX + (ci + 0.5) * dx - (cj + 0.5) * dy;
        const y = cornerY + (ci + 0.5) * dy + (cj + 0.5) * dx;
        if (black && (x < 0 || y < 0 || x >= width || y >= height)) {
          rgb[o] = bias;
          rgb[o + 1] = bias;
          rgb[o + 2] = bias;
          continue;
        }
        let sum = 0;
        if (samples === 1) sum = samplePlane(data, 0, width, height, x, y);
        else {
          for (let sj = 0; sj < samples; sj++) {
            for (let si = 0; si < samples; si++) {
              const ex = (si + 0.5) / samples - 0.5;
              const ey = (sj + 0.5) / samples - 0.5;
              sum += samplePlane(data, 0, width, height, x + ex * dx - ey * dy, y + ex * dy + ey * dx);
            }
          }
          sum /= samples * samples;
        }
        const gray = (sum - 16) * LUMA_GAIN;
        rgb[o] = Math.min(255, Math.max(0, gray + red)) * scale + bias;
        rgb[o + 1] = Math.min(255, Math.max(0, gray + green)) * scale + bias;
        rgb[o + 2] = Math.min(255, Math.max(0, gray + blue)) * scale + bias;
      }
    }
  }
};
