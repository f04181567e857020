import { expect, test } from 'vitest';
import { LANDMARK_COUNT } from '../face/face-track.js';
import {
  INNER_LOWER,
  INNER_UPPER,
  LIP_COLUMNS,
  MOUTH_LEFT,
  MOUTH_RIGHT,
  OPENING_PROFILE,
} from '../face/landmark-indices.js';
import type { Pose } from '../face/pose.js';
import { sheetGrid } from '../mouth-inside/inside-view.js';
import type { MouthColours } from '../mouth-inside/mouth-colours.js';
import { type MouthInside, sheetPicture } from '../mouth-inside/mouth-inside.js';
import { paintLower, paintTongue, paintUpper } from '../mouth-inside/paint-inside.js';
import type { Frame } from '../picture/frame.js';
import { framePlanes } from '../picture/planes.js';
import { InsideLayer } from './draw-inside.js';

const SIZE = 320;
/** Pixels per cm, and of the eye corners. */
const SCALE = 24;
const IOD = 8.9 * SCALE;
/** The nose is in the middle of the picture; lips meet so many cm below it. */
const MEETS = 2.3;
const COLOURS: MouthColours = {
  cavity: [24, 126, 134],
  rim: [50, 124, 146],
  tongue: [90, 120, 152],
  tooth: [180, 124, 131],
  shadedTooth: [80, 122, 142],
};
const grid = sheetGrid(SCALE);
const inside: MouthInside = {
  grid,
  upper: sheetPicture(grid, paintUpper(grid, COLOURS, MEETS + 0.2)),
  lower: sheetPicture(grid, paintLower(grid, COLOURS, MEETS)),
  tongue: sheetPicture(grid, paintTongue(grid, COLOURS, MEETS)),
  lowerJaw: 0,
  cavity: COLOURS.cavity,
  rim: COLOURS.rim,
  skinLuma: [104, 104],
};

const yOf = (cm: number): number => SIZE / 2 + SCALE * cm;

/** The same picture of skin with what is between lips that are `gap` cm apart. */
const drawn = (gap: number, { tongue = 0, drop = 0, strength = 1 } = {}): Frame => {
  const data = new Uint8Array(SIZE * SIZE * 1.5).fill(128);
  data.fill(120, 0, SIZE * SIZE);
  const frame = { width: SIZE, height: SIZE, data };
  const points = new Float64Array(2 * LANDMARK_COUNT);
  for (let k = 0; k < LIP_COLUMNS; k++) {
    const x = SIZE / 2 + SCALE * (-2.4 + (4.8 * k) / (LIP_COLUMNS - 1));
    points.set([x, yOf(MEETS - 0.35 * gap * OPENING_PROFILE[k])], 2 * INNER_UPPER[k]);
    points.set([x, yOf(MEETS + 0.65 * gap * OPENING_PROFILE[k])], 2 * INNER_LOWER[k]);
  }
  points.set([SIZE / 2 - 2.7 * SCALE, yOf(MEETS)], 2 * MOUTH_LEFT);
  points.set([SIZE / 2 + 2.7 * SCALE, yOf(MEETS)], 2 * MOUTH_RIGHT);
  const pose: Pose = {
    rotation: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    scale: SCALE,
    translation: [SIZE / 2, -SIZE / 2, 0],
    yaw: 0,
    pitch: 0,
    roll: 0,
    residual: 0,
  };
  const request = {
    pose,
    anchor: [0, 0, 0] as const,
    shut: gap === 0,
    aperture: gap / 8.9,
    lowerShift: drop,
    tongue,
    skinLuma: 104,
  };
  new InsideLayer().draw(framePlanes(frame), points, IOD, inside, request, strength);
  return frame;
};

const lumaAt = ({ data }: Frame, cm: number): number => data[Math.round(yOf(cm)) * SIZE + SIZE / 2 + 8];

test('teeth hang below the upper lip, the dark lies under them, and the skin around stays', () => {
  const frame = drawn(1.6, { drop: 1.1 });
  expect(lumaAt(frame, MEETS - 0.1)).toBeGreaterThan(110);
  expect(lumaAt(frame, MEETS + 0.35)).toBeLessThan(70);
  expect(lumaAt(frame, MEETS - 1.1)).toBe(120);
  expect(lumaAt(frame, MEETS + 1.5)).toBe(120);
});

test('upper teeth stay where they are when the jaw drops; the lower ones go with it', () => {
  const [high, low] = [drawn(1.6, { drop: 0.5 }), drawn(1.6, { drop: 0.9 })];
  expect(lumaAt(low, MEETS)).toBe(lumaAt(high, MEETS));
  expect(lumaAt(high, MEETS + 0.7)).toBeGreaterThan(lumaAt(low, MEETS + 0.7) + 20);
});

test('the tongue rises behind the teeth into the dark', () => {
  const [low, high] = [drawn(1.6, { drop: 1.1 }), drawn(1.6, { drop: 1.1, tongue: 1 })];
  expect(lumaAt(high, MEETS + 0.45)).toBeGreaterThan(lumaAt(low, MEETS + 0.45) + 10);
  expect(lumaAt(high, MEETS)).toBe(lumaAt(low, MEETS));
});

test('nothing shows between closed lips, nor without strength', () => {
  expect(drawn(0).data.every((value) => value === 120 || value === 128)).toBe(true);
  expect(lumaAt(drawn(1.6, { drop: 1.1, strength: 0 }), MEETS + 2)).toBe(120);
});
