import { expect, test } from 'vitest';
import { i420Planes, type PicturePlanes } from '../picture/planes.js';
import { matchColour } from './colour-match.js';

const box = { x: 0, y: 0, width: 64, height: 48 };
const [w, h] = [box.width / 2, box.height / 2];

/** A picture whose channels are functions of the place, x and y from -0.5 to 0.5. */
const picture = (value: (channel: 'luma' | 'u' | 'v', x: number, y: number) => number): PicturePlanes => {
  const planes = i420Planes(new Uint8Array(box.width * box.height * 1.5), 0, box);
  for (const channel of ['luma', 'u', 'v'] as const) {
    const { data, width, height } = planes[channel];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) data[y * width + x] = value(channel, x / width - 0.5, y / height - 0.5);
    }
  }
  return planes;
};

const donor = picture((channel) => ({ luma: 100, u: 120, v: 140 })[channel]);
const everywhere = new Uint8Array(w * h).fill(1);
const noLips = new Uint8Array(w * h);
/** Lips in the middle. */
const withLips = Uint8Array.from({ length: w * h }, (_, k) => {
  const [x, y] = [k % w, Math.floor(k / w)];
  return x < 10 || x >= 22 || y < 8 || y >= 16 ? 0 : 1;
});
const UNKNOWN = { own: undefined, wanted: [0, 0, 0] };

test('finds by how much the skin of the frame is lighter and redder', () => {
  const base = picture((channel) => ({ luma: 130, u: 115, v: 150 })[channel]);
  const { luma, u, v } = matchColour(base, donor, box, noLips, everywhere, UNKNOWN);
  expect(luma.a).toBeCloseTo(30, 2);
  expect(u.a).toBeCloseTo(-5, 2);
  expect(v.a).toBeCloseTo(10, 2);
  for (const { b, c, lips } of [luma, u, v]) {
    expect(b).toBeCloseTo(0, 1);
    expect(c).toBeCloseTo(0, 1);
    expect(lips).toBe(0);
  }
});

test('follows light that falls from one side', () => {
  const base = picture((channel, x) => ({ luma: 120 + 40 * x, u: 120, v: 140 })[channel]);
  const { luma } = matchColour(base, donor, box, noLips, everywhere, UNKNOWN);
  expect(luma.b).toBeGreaterThan(32);
  expect(luma.b).toBeLessThan(40);
  expect(luma.c).toBeCloseTo(0, 1);
});

test('gives lips the tone that they are to have in the light of the frame, whatever lips the frame has', () => {
  const base = picture((channel, x, y) => {
    const lips = withLips[Math.floor((y + 0.5) * h) * w + Math.floor((x + 0.5) * w)] === 1;
    return { luma: lips ? 30 : 120, u: 120, v: lips ? 90 : 140 }[channel];
  });
  const tone = {
    own: { tone: [-0.2, 0, 0.1], light: 80 },
    wanted: [-0.1, 0, 0.15],
  } as const;
  const { luma, u, v } = matchColour(base, donor, box, withLips, everywhere, tone);
  expect(luma.a).toBeCloseTo(20, 2);
  expect(luma.lips).toBeCloseTo(-0.1 * 100 + 0.2 * 80, 1);
  expect(u.lips).toBeCloseTo(0, 1);
  expect(v.lips).toBeCloseTo(0.15 * 100 - 0.1 * 80, 1);
});

test('changes nothing where too little skin shows to tell', () => {
  const base = picture(() => 200);
  const little = new Uint8Array(w * h).fill(1, 0, 20);
  expect(matchColour(base, donor, box, noLips, little, UNKNOWN)).toEqual({
    luma: { a: 0, b: 0, c: 0, lips: 0 },
    u: { a: 0, b: 0, c: 0, lips: 0 },
    v: { a: 0, b: 0, c: 0, lips: 0 },
  });
});
