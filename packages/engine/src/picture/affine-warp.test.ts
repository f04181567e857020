import { describe, expect, test } from 'vitest';
import { type Plane, warpMesh } from './affine-warp.js';

const SIZE = 32;

const plane = (value: (x: number, y: number) => number): Plane => ({
  data: Uint8ClampedArray.from({ length: SIZE * SIZE }, (_, i) => value(i % SIZE, Math.floor(i / SIZE))),
  x: 0,
  y: 0,
  width: SIZE,
  height: SIZE,
  stride: SIZE,
});

const square = (left: number, top: number, side: number) =>
  Float64Array.of(left, top, left + side, top, left + side, top + side, left, top + side);

const TRIANGLES = Uint16Array.of(0, 1, 2, 0, 2, 3);
const gradient = (x: number, y: number) => 20 + 3 * x + 2 * y;

describe('a mesh warp', () => {
  for (const sampling of ['linear', 'cubic'] as const) {
    test(`moves a picture by whole pixels without changing it (${sampling})`, () => {
      const out = plane(() => 0);
      const coverage = new Uint8Array(SIZE * SIZE);
      const mesh = { triangles: TRIANGLES, source: square(6, 6, 16), target: square(9, 8, 16) };
      warpMesh(out, plane(gradient), mesh, { scale: 1, sampling, coverage });
      for (let y = 8; y < 24; y++) {
        for (let x = 9; x < 25; x++) {
          expect(coverage[y * SIZE + x]).toBe(1);
          expect(out.data[y * SIZE + x]).toBe(gradient(x - 3, y - 2));
        }
      }
    });

    test(`leaves no hole along the diagonal of two triangles when it enlarges (${sampling})`, () => {
      const out = plane(() => 0);
      const coverage = new Uint8Array(SIZE * SIZE);
      const mesh = { triangles: TRIANGLES, source: square(8, 8, 8), target: square(3.3, 4.7, 21.4) };
      warpMesh(out, plane(gradient), mesh, { scale: 1, sampling, coverage });
      for (let y = 5; y < 25; y++) for (let x = 4; x < 24; x++) expect(coverage[y * SIZE + x]).toBe(1);
    });
  }

  test('samples half-pixel positions between pixels', () => {
    const out = plane(() => 0);
    const mesh = { triangles: TRIANGLES, source: square(6.5, 6, 16), target: square(6, 6, 16) };
    warpMesh(
      out,
      plane((x) => 4 * x),
      mesh,
      { scale: 1, sampling: 'cubic' },
    );
    expect(out.data[12 * SIZE + 12]).toBe(4 * 12 + 2);
  });

  test('reads and writes chroma at half scale', () => {
    const out = plane(() => 0);
    const mesh = { triangles: TRIANGLES, source: square(12, 12, 32), target: square(18, 16, 32) };
    warpMesh(out, plane(gradient), mesh, { scale: 0.5, sampling: 'linear' });
    expect(out.data[15 * SIZE + 15]).toBe(gradient(15 - 3, 15 - 2));
  });

  test('does not touch triangles that hardly move', () => {
    const out = plane(() => 7);
    const mesh = { triangles: TRIANGLES, source: square(6, 6, 16), target: square(6.005, 6, 16) };
    warpMesh(out, plane(gradient), mesh, { scale: 1, sampling: 'cubic', stillBelow: 0.02 });
    expect(out.data.every((value) => value === 7)).toBe(true);
  });

  test('repeats the edge where the source ends', () => {
    const out = plane(() => 0);
    const mesh = { triangles: TRIANGLES, source: square(-8, -8, 16), target: square(8, 8, 16) };
    warpMesh(
      out,
      plane(() => 90),
      mesh,
      { scale: 1, sampling: 'cubic' },
    );
    expect(out.data[10 * SIZE + 10]).toBe(90);
  });
});
