import { expect, test } from 'vitest';
import { kernelBytes } from '../kernels/kernel-memory.js';
import type { Frame } from './frame.js';
import { framePlanes, i420Planes, LayerBuffer, windowOf } from './planes.js';

/** 8 x 4 pixels whose bytes are numbered. */
const frame = (): Frame => ({ width: 8, height: 4, data: Uint8Array.from({ length: 48 }, (_, k) => k) });

test('finds luma, U and V of a frame, and writes through to it', () => {
  const picture = frame();
  const { luma, u, v } = framePlanes(picture);
  expect([luma.data[0], luma.data.at(-1)]).toEqual([0, 31]);
  expect([u.data[0], u.data.at(-1)]).toEqual([32, 39]);
  expect([v.data[0], v.data.at(-1)]).toEqual([40, 47]);
  v.data[0] = 300;
  expect(picture.data[40]).toBe(255);
});

test('finds a picture that lies somewhere in a longer array, in the pixels of its own frame', () => {
  const bytes = new Uint8Array(100 + 48);
  bytes.set(frame().data, 100);
  const { luma, u } = i420Planes(bytes, 100, { x: 6, y: 2, width: 8, height: 4 });
  expect(luma).toMatchObject({ x: 6, y: 2, width: 8, height: 4, stride: 8 });
  expect(u).toMatchObject({ x: 3, y: 1, width: 4, height: 2, stride: 4 });
  expect([luma.data[9], u.data[5]]).toEqual([9, 37]);
});

test('a window begins at its own first pixel and keeps the rows of the plane', () => {
  const { luma } = i420Planes(frame().data, 0, { x: 6, y: 2, width: 8, height: 4 });
  const window = windowOf(luma, { x: 8, y: 3, width: 2, height: 2 });
  expect([0, 1].map((row) => window.data[row * window.stride])).toEqual([10, 18]);
});

test('a layer is empty each time it is asked for, also where a larger one was', () => {
  const layer = new LayerBuffer((length) => new Float32Array(length));
  const large = layer.planes({ x: 0, y: 0, width: 8, height: 8 });
  large.luma.data.fill(1);
  large.u.data.fill(1);
  const small = layer.planes({ x: 2, y: 4, width: 4, height: 2 });
  expect(small.luma.data.subarray(0, 8).every((value) => value === 0)).toBe(true);
  expect(small.u).toMatchObject({ x: 1, y: 2, width: 2, height: 1, stride: 2 });
  expect(small.u.data.subarray(0, 2).every((value) => value === 0)).toBe(true);
});

test('a face that grows from frame to frame does not fill the memory', () => {
  const buffer = new LayerBuffer(kernelBytes);
  const before = kernelBytes(0).byteOffset;
  const last = 600;
  for (let side = 100; side <= last; side += 2) {
    const { luma, u, v } = buffer.planes({ x: 2, y: 4, width: side, height: side });
    expect(luma.data.length).toBeGreaterThanOrEqual(side * side);
    expect(Math.min(u.data.length, v.data.length)).toBeGreaterThanOrEqual((side * side) / 4);
  }
  expect(kernelBytes(0).byteOffset - before).toBeLessThan(4.5 * 1.5 * last * last);
});

test('planes are zeroed as far as they are used, room is not', () => {
  const buffer = new LayerBuffer(kernelBytes);
  const box = { x: 0, y: 0, width: 8, height: 4 };
  buffer.planes(box).luma.data.fill(9);
  expect(buffer.room(box).luma.data[31]).toBe(9);
  expect(buffer.planes(box).luma.data[31]).toBe(0);
});
