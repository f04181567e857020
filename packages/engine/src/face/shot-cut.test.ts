import { describe, expect, it } from 'vitest';
import { type Frame, frameBytes } from '../picture/frame.js';
import { createShotCutDetector } from './shot-cut.js';

const WIDTH = 320;
const HEIGHT = 240;

/** A picture of soft blobs; `seed` makes it another scene, `shift` moves the camera by pixels. */
const scene = (seed: number, shift = 0, brightness = 1): Frame => {
  const data = new Uint8Array(frameBytes(WIDTH, HEIGHT)).fill(128);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const u = (x + shift) / 40;
      const pattern = Math.sin(u + seed * 7) * Math.cos(y / 30 + seed * 3) + Math.sin((u * y) / 90 + seed);
      data[y * WIDTH + x] = 16 + brightness * (100 + 45 * pattern);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
};

const cutsIn = (frames: readonly Frame[]): number[] => {
  const detector = createShotCutDetector();
  return frames.flatMap((frame, index) => (detector.isCut(frame) ? [index] : []));
};

describe('a shot cut', () => {
  it('is where another scene begins', () => {
    expect(cutsIn([scene(0), scene(0), scene(1), scene(1), scene(2)])).toEqual([2, 4]);
  });

  it('is not fast movement of the camera', () => {
    expect(cutsIn(Array.from({ length: 20 }, (_, k) => scene(0, k * 8)))).toEqual([]);
  });

  it('is not light going on and off', () => {
    expect(cutsIn([1, 0.6, 1, 0.8, 1.2].map((brightness) => scene(0, 0, brightness)))).toEqual([]);
  });
});
