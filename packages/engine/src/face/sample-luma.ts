import type { Frame } from '../picture/frame.js';
import type { TurnedSquare } from './turned-square.js';

/** Frame positions of a grid laid over a square: cell (i, j) is centred at (x + i dx - j dy, y + i dy + j dx). */
export type SampleGrid = { readonly x: number; readonly y: number; readonly dx: number; readonly dy: number };

/** The grid of `size` x `size` cells that fills a square. */
export const gridOver = (square: TurnedSquare, size: number): SampleGrid => {
  const step = square.size / size;
  const [dx, dy] = [Math.cos(square.angle) * step, Math.sin(square.angle) * step];
  const half = (size - 1) / 2;
  return { x: square.x - half * (dx - dy), y: square.y - half * (dx + dy), dx, dy };
};

/** True when no bilinear sample of the square needs a pixel outside the frame. */
const isInside = ({ width, height }: Frame, square: TurnedSquare): boolean => {
  const reach = (square.size / 2) * (Math.abs(Math.cos(square.angle)) + Math.abs(Math.sin(square.angle))) + 1;
  return square.x > reach && square.y > reach && square.x < width - reach && square.y < height - reach;
};

/**
 * Samples the luma of a square on a grid of `size` x `size` cells, bilinear, the border of the frame repeated
 * outside it.
 *
 * @param samples samples along each axis of a cell that are averaged; more than 1 where a cell spans several pixels
 * @param into size * size luma values (0 to 255)
 */
export const sampleLuma = (
  frame: Frame,
  square: TurnedSquare,
  size: number,
  samples: number,
  into: Float32Array,
): void => {
  const { width, height, data } = frame;
  const fine = size * samples;
  const { x: startX, y: startY, dx, dy } = gridOver(square, fine);
  const inside = isInside(frame, square);
  const share = 1 / (samples * samples);
  const [maxX, maxY] = [width - 1.001, height - 1.001];
  if (samples > 1) into.fill(0);
  for (let j = 0; j < fine; j++) {
    let cell = Math.floor(j / samples) * size;
    let x = startX - j * dy - 0.5;
    let y = startY + j * dx - 0.5;
    for (let i = 0, left = samples; i < fine; i++, x += dx, y += dy) {
      let cx = x;
      let cy = y;
      if (!inside) {
        cx = Math.min(Math.max(x, 0), maxX);
        cy = Math.min(Math.max(y, 0), maxY);
      }
      const x0 = cx | 0;
      const y0 = cy | 0;
      const p = (Math.imul(y0, width) + x0) | 0;
      const q = (p + width) | 0;
      const ax = cx - x0;
      const top = data[p] + ax * (data[p + 1] - data[p]);
      const low = data[q] + ax * (data[q + 1] - data[q]);
      const value = top + (cy - y0) * (low - top);
      if (samples === 1) {
        into[cell++] = value;
        continue;
      }
      into[cell] += share * value;
      if (--left === 0) {
        cell++;
        left = samples;
      }
    }
  }
};
