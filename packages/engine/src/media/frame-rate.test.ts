import { describe, expect, it } from 'vitest';
import { measureFrameRate } from './frame-rate.js';

const evenly = (count: number, fps: number, round = 1e6): number[] =>
  Array.from({ length: count }, (_, index) => Math.round((index / fps) * round) / round);

describe('measureFrameRate', () => {
  it('gives the exact fraction of a rate that was rounded to milliseconds', () => {
    const rate = measureFrameRate('2997/100', '30000/1001', evenly(300, 30000 / 1001, 1000));
    expect(rate).toEqual({ fps: 30000 / 1001, numerator: 30000, denominator: 1001, constant: true });
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
