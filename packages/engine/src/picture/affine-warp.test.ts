import { describe, expect, test } from 'vitest';
import { kernelBytes } from '../kernels/kernel-memory.js';
import { type MeshWarp, type Plane, warpMesh, warpPlanes } from './affine-warp.js';

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

/** Cubic through four samples, of slope -1; `t` from the second. */
const cubic = (v: readonly number[], t: number): number => {
  const near = (d: number) => (d - 2) * d * d + 1;
  const far = (d: number) => -(((d - 5) * d + 8) * d - 4);
  return v[0] * far(1 + t) + v[1] * near(t) + v[2] * near(1 - t) + v[3] * far(2 - t);
};

const linear = (v: readonly number[], t: number): number => v[1] + t * (v[2] - v[1]);

/** The warp pixel by pixel as one would write it down, for sources that reach to every tap. */
const plainWarp = (out: Plane, from: Plane, mesh: MeshWarp, mix: typeof cubic): void => {
  const corner = (points: Float64Array, i: number) => [points[2 * i] - 0.5, points[2 * i + 1] - 0.5];
  for (let q = 0; q < mesh.triangles.length; q += 3) {
    const corners = [...mesh.triangles.subarray(q, q + 3)];
    const [[ax, ay], [bx, by], [cx, cy]] = corners.map((i) => corner(mesh.target, i));
    const [[sax, say], [sbx, sby], [scx, scy]] = corners.map((i) => corner(mesh.source, i));
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) {
        const b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area;
        const c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area;
        if (b < 0 || c < 0 || b + c > 1) continue;
        const sx = sax + b * (sbx - sax) + c * (scx - sax);
        const sy = say + b * (sby - say) + c * (scy - say);
        const [ix, iy] = [Math.floor(sx), Math.floor(sy)];
        const row = (r: number) =>
          mix(
            [-1, 0, 1, 2].map((k) => from.data[r * SIZE + ix + k]),
            sx - ix,
          );
        out.data[y * SIZE + x] = mix(
          [-1, 0, 1, 2].map((k) => row(iy + k)),
          sy - iy,
        );
      }
    }
  }
};

/** The same every time, from -1 to 1. */
const noise = (k: number): number => ((Math.sin(k * 12.9898) * 43758.5453) % 1) * 2 - 1;

describe('a mesh warp', () => {
  for (const [sampling, mix] of [
    ['linear', linear],
    ['cubic', cubic],
  ] as const) {
    test(`is the plain one within one grey level (${sampling})`, () => {
      const grid = Array.from({ length: 25 }, (_, k) => [6 + 5 * (k % 5), 6 + 5 * Math.floor(k / 5)]).flat();
      const triangles = Array.from({ length: 16 }, (_, k) => 5 * Math.floor(k / 4) + (k % 4)).flatMap((k) => [
        ...[k, k + 1, k + 5],
        ...[k + 1, k + 6, k + 5],
      ]);
      const mesh = {
        triangles: Uint16Array.from(triangles),
        source: Float64Array.from(grid, (v, k) => v + noise(k)),
        target: Float64Array.from(grid, (v, k) => v + noise(k + 100)),
      };
      const picture = plane((x, y) => 128 + 60 * Math.sin(x) + 50 * Math.cos(0.8 * y));
      const [fast, plain] = [plane(() => 0), plane(() => 0)];
      warpMesh(fast, picture, mesh, { scale: 1, sampling });
      plainWarp(plain, picture, mesh, mix);
      const drawn = [...plain.data].flatMap((value, k) =>
        value > 0 ? [Math.abs(value - fast.data[k])] : [],
      );
      expect(drawn.length).toBeGreaterThan(300);
      expect(Math.max(...drawn)).toBeLessThanOrEqual(1);
    });
  }

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

  test('does with two planes what it does with each, wherever their memory is', () => {
    const mesh = { triangles: TRIANGLES, source: square(5.3, 6.1, 17), target: square(6, 7.4, 18.5) };
    const options = { scale: 1, sampling: 'linear' } as const;
    const pictures = [plane(gradient), plane((x, y) => 250 - 3 * x - 4 * y)];
    const single = pictures.map((picture) => {
      const out = plane(() => 1);
      warpMesh(out, picture, mesh, options);
      return out;
    });
    const inKernelMemory = single.map((out) => ({ ...out, data: kernelBytes(SIZE * SIZE).fill(1) }));
    warpPlanes(inKernelMemory, pictures, mesh, options);
    inKernelMemory.forEach(({ data }, k) => {
      expect([...data]).toEqual([...single[k].data]);
    });
    expect(single[0].data).not.toEqual(single[1].data);
  });

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
