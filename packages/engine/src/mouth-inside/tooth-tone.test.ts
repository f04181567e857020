import { expect, test } from 'vitest';
import { upperRowView } from './row-view.test.fixture.js';
import { splitRows } from './split-rows.js';
import { freeOfLips, toothTone } from './tooth-tone.js';

const toneOf = (view: ReturnType<typeof upperRowView>) => toothTone(view, splitRows(view), 'upper');

test('bright, hardly red cells above a dark gap are teeth, and tell their tone', () => {
  const tone = toneOf(upperRowView());
  expect(tone?.[0]).toBeGreaterThan(145);
  expect(tone?.[0]).toBeLessThan(172);
  expect(tone?.[2]).toBeCloseTo(132, 0);
});

test('a lip or a tongue in the light is no row of teeth', () => {
  expect(toneOf(upperRowView({ red: 158 }))).toBeUndefined();
});

test('a single tooth is too little to draw a row from', () => {
  expect(toneOf(upperRowView({ right: 34 }))).toBeUndefined();
});

test('teeth are as little red as in the pictures in which lips lend them least', () => {
  const pictures = [150, 145, 143, 146, 148, 152].map((v) => [166, 122, v] as const);
  const [luma, , v] = freeOfLips([116, 120, 142], pictures);
  expect(luma).toBe(116);
  expect(v).toBeCloseTo(128 + (100 / 150) * 17, 1);
  expect(freeOfLips([166, 122, 136], pictures)).toEqual([166, 122, 136]);
  expect(freeOfLips([166, 122, 150], [])).toEqual([166, 122, 150]);
});
