import { describe, expect, it } from 'vitest';
import { measureFrameRate, workingRate } from './frame-rate.js';

const evenly = (count: number, fps: number, round = 1e6): number[] =>
  Array.from({ length: count }, (_, index) => Math.round((index / fps) * round) / round);

describe('measureFrameRate', () => {
  it('gives the exact fraction of a rate that was rounded to milliseconds', () => {
    const rate = measureFrameRate('2997/100', '30000/1001', evenly(300, 30000 / 1001, 1000));
    expect(rate).toMatchObject({ fps: 30000 / 1001, numerator: 30000, denominator: 1001, constant: true });
  });

  it('accepts frames in decoding order and a few missing ones', () => {
    const times = evenly(100, 25).filter((_, index) => index % 20 !== 7);
    [times[3], times[4]] = [times[4], times[3]];
    expect(measureFrameRate('25/1', '25/1', times).constant).toBe(true);
  });

  it('tells a video whose frames are off the grid', () => {
    const times = evenly(100, 25).map((time, index) => time + (index % 3) * 0.015);
    expect(measureFrameRate('25/1', '25/1', times)).toMatchObject({ fps: 25, constant: false });
  });

  it('tells a video that skips every other frame', () => {
    const times = evenly(200, 50).filter((_, index) => index < 50 || index % 2 === 0);
    expect(measureFrameRate('32/1', '50/1', times).constant).toBe(false);
  });

  it('falls back to 25 when the container states nonsense', () => {
    expect(measureFrameRate('0/0', undefined, [])).toMatchObject({ fps: 25, constant: false });
  });
});

describe('workingRate', () => {
  const working = (fps: number, round?: number) =>
    workingRate(measureFrameRate(`${fps}/1`, `${fps}/1`, evenly(300, fps, round)));

  it.each([
    10,
    12,
    12.5,
    15,
    20,
    24000 / 1001,
    24,
    25,
    30000 / 1001,
    30,
    48000 / 1001,
    48,
    50,
    60000 / 1001,
    60,
  ])('keeps %d', (fps) => {
    const { fps: kept, handling } = working(fps);
    expect(kept).toBeCloseTo(fps, 6);
    expect(handling).toBe('kept');
  });

  it.each([
    [72, 36],
    [75, 37.5],
    [90, 45],
    [100, 50],
    [120000 / 1001, 60000 / 1001],
    [120, 60],
    [240, 60],
  ])('divides %d, to the rate of every n-th picture', (fps, divided) => {
    expect(working(fps).fps).toBeCloseTo(divided, 6);
    expect(working(fps, 1000)).toMatchObject({ handling: 'divided' });
  });

  it.each([
    [5, 25],
    [8, 32],
    [7.5, 30],
    [1, 25],
  ])('shows each picture of %d a whole number of times', (fps, repeated) => {
    expect(working(fps)).toEqual({ fps: repeated, handling: 'repeated' });
  });

  it('believes no rate that no camera has', () => {
    const burst = measureFrameRate('90000/1', '90000/1', evenly(300, 90_000, 1e9));
    expect(workingRate(burst)).toEqual({ fps: 25, handling: 'evened' });
    const gap = measureFrameRate('50/1', '90000/1', [...evenly(300, 90_000, 1e9), 20]);
    expect(workingRate(gap)).toEqual({ fps: 25, handling: 'evened' });
  });

  it('puts uneven pictures on the usual grid nearest to most of them', () => {
    const times = evenly(300, 30).filter((_, index) => index % 7 > 1 || index < 40);
    expect(workingRate(measureFrameRate('24/1', '30/1', times))).toEqual({ fps: 30, handling: 'evened' });
    const shaken = evenly(300, 29.97).map((time, index) => time + ((index * 7919) % 13) / 800);
    expect(workingRate(measureFrameRate('2997/100', '30/1', shaken))).toMatchObject({ handling: 'evened' });
    expect(workingRate(measureFrameRate('3/1', '90000/1', [0, 0.5, 0.6, 1.4, 1.8]))).toEqual({
      fps: 25,
      handling: 'evened',
    });
  });
});
