import { expect, test } from 'vitest';
import type { Donor } from '../donor/donor-library.js';
import { canonicalFace } from '../face/canonical-face.js';
import { type FaceTrack, LANDMARK_COUNT, LANDMARK_FLOATS } from '../face/face-track.js';
import { INNER_LIP_LINE, OUTER_LIP_LINE } from '../face/landmark-indices.js';
import { fillPolygon } from '../picture/polygon-mask.js';
import { type LipLook, lipLook, lipSharpenings, steadyTones } from './lip-look.js';

const SIZE = 320;
/** Pixels per centimetre of the canonical face. */
const SCALE = 24;

/** The canonical face in the middle of a picture. */
const face = (): FaceTrack => {
  const { vertices } = canonicalFace();
  const landmarks = new Float32Array(LANDMARK_FLOATS);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    landmarks[3 * i] = SIZE / 2 + SCALE * vertices[3 * i];
    landmarks[3 * i + 1] = SIZE / 4 - SCALE * vertices[3 * i + 1];
  }
  const poses = new Float64Array([1, 0, 0, 0, 1, 0, 0, 0, 1, SIZE / 2, -SIZE / 4, 0, SCALE, 0]);
  const ones = { score: new Float32Array([1]), usable: new Uint8Array([1]), shot: new Uint16Array(1) };
  return { width: SIZE, height: SIZE, fps: 25, frameCount: 1, landmarks, poses, ...ones };
};

/** A picture of it with lips of luma 80 and V 150 in skin of luma 116 and V 138; `gain` is the light. */
const picture = (track: FaceTrack, gain: number, grain: number): Uint8Array => {
  const mask = new Float32Array(SIZE * SIZE);
  const box = { x: 0, y: 0, width: SIZE, height: SIZE };
  const line = (of: readonly number[]) =>
    of.flatMap((i) => [track.landmarks[3 * i], track.landmarks[3 * i + 1]]);
  fillPolygon(line(OUTER_LIP_LINE), box, mask, 1);
  fillPolygon(line(INNER_LIP_LINE), box, mask, 2);
  const pixels = new Uint8Array(SIZE * SIZE * 1.5).fill(128);
  mask.forEach((where, k) => {
    const [x, y] = [k % SIZE, Math.floor(k / SIZE)];
    const lips = 64 + ((x + y) & 1 ? grain : -grain);
    pixels[k] = 16 + gain * [100, lips, 4][where];
    pixels[SIZE * SIZE * 1.25 + (y >> 1) * (SIZE / 2) + (x >> 1)] = 128 + gain * [10, 22, 0][where];
  });
  return pixels;
};

const lookAt = (gain: number, grain = 0, crease = 0): LipLook => {
  const track = face();
  const donor = { frame: 0, x: 0, y: 0, width: SIZE, height: SIZE, offset: 0 } as Donor;
  const pixels = picture(track, gain, grain);
  const middle = Math.round(track.landmarks[3 * 17 + 1]) - 12;
  for (let y = middle - crease; y < middle + crease; y++) pixels.fill(20, y * SIZE, (y + 1) * SIZE);
  const look = lipLook(track, { pixels, donors: [donor] }, donor);
  if (!look) throw new Error('no look');
  return look;
};

const lips = (luma: number, detail = 0.1, fineness = 0.2): LipLook => ({
  tone: [luma, 0, 0.1],
  light: 100,
  detail,
  fineness,
});

test('tells how lips stand out from the skin around them, whatever is between them', () => {
  const { tone, light } = lookAt(1);
  // Places at the edge are given to either side.
  expect(light).toBeGreaterThan(97);
  expect(light).toBeLessThanOrEqual(100);
  expect(tone[0]).toBeCloseTo(-0.36, 1);
  expect(tone[1]).toBeCloseTo(0, 2);
  expect(tone[2]).toBeCloseTo(0.12, 1);
});

test('a dark crease across the lips is no tone of theirs', () => {
  expect(lookAt(1, 0, 2).tone[0]).toBeCloseTo(lookAt(1).tone[0], 1);
  expect(Math.abs(lookAt(1, 0, 2).tone[0] - lookAt(1).tone[0])).toBeLessThan(0.02);
});

test('the tone of lips is the same in weak light, and so is their detail', () => {
  const [day, dusk] = [lookAt(1, 10), lookAt(0.5, 10)];
  expect(dusk.light).toBeCloseTo(day.light / 2, 0);
  for (let c = 0; c < 3; c++) expect(dusk.tone[c]).toBeCloseTo(day.tone[c], 1);
  expect(dusk.detail).toBeCloseTo(day.detail, 1);
  expect(day.detail).toBeGreaterThan(lookAt(1, 2).detail + 0.05);
});

test('lips of a donor that differs take a few frames to change by half as much', () => {
  const donors = [lips(-0.3), lips(-0.3), lips(-0.1)];
  const choice = Int32Array.from({ length: 40 }, (_, t) => (t < 20 ? 0 : 2));
  const tones = new Float32Array(3 * 40);
  steadyTones(donors, choice, 25, tones);
  const luma = Array.from({ length: 40 }, (_, t) => tones[3 * t]);
  expect(luma[0]).toBeCloseTo(-0.3, 3);
  expect(luma[39]).toBeCloseTo(-0.2, 3);
  const steps = luma.slice(1).map((value, t) => Math.abs(value - luma[t]));
  expect(Math.max(...steps)).toBeLessThan(0.035);
  expect(tones[3 * 20 + 2]).toBeCloseTo(0.1, 5);
});

test('lips that are not known take the usual tone, and none are told where none are known', () => {
  const tones = new Float32Array(6);
  steadyTones([lips(-0.3), undefined], Int32Array.of(1, 1), 25, tones);
  expect(tones[0]).toBeCloseTo(-0.3, 5);
  const none = new Float32Array(6);
  steadyTones([undefined], Int32Array.of(0, 0), 25, none);
  expect(none).toEqual(new Float32Array(6));
});

test('soft lips gain detail and sharp ones lose some, up to a third, to match those that are shown', () => {
  const donors = [lips(0, 0.1), lips(0, 0.09), lips(0, 0.04), lips(0, 0.4), undefined];
  const shares = lipSharpenings(donors, Int32Array.of(0, 0, 0, 1, 3));
  expect(shares[1]).toBeGreaterThan(shares[0]);
  expect(shares[2]).toBeCloseTo(shares[0] + 0.3 / 0.8, 2);
  expect(shares[3]).toBeCloseTo(shares[0] - (1 - 1 / 1.3) / 0.8, 2);
  expect(shares[4]).toBe(shares[0]);
});

test('a fine picture gets back what sampling takes, a blurred one has nothing to lose', () => {
  const share = (fineness: number) => lipSharpenings([lips(0, 0.1, fineness)], Int32Array.of(0, 0))[0];
  expect(share(0.23)).toBeCloseTo(0.3, 2);
  expect(share(0.14)).toBe(0);
  expect(lookAt(1, 10).fineness).toBeGreaterThan(2 * lookAt(1, 0).fineness);
});
