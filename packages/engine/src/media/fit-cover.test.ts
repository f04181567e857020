import { describe, expect, it } from 'vitest';
import { fitCover, fitWithin } from './fit-cover.js';

describe('fitCover', () => {
  it('keeps the size of the source, made even, when no output is asked for', () => {
    expect(fitCover({ width: 321, height: 241 })).toEqual({
      working: { width: 320, height: 240 },
      output: { width: 320, height: 240 },
    });
  });

  it('works at the size of the output when the source is larger', () => {
    expect(fitCover({ width: 2160, height: 3840 }, { width: 1080, height: 1920 }).working).toEqual({
      width: 1080,
      height: 1920,
    });
  });

  it('works on the part of a smaller source that will be seen', () => {
    const { working, output } = fitCover({ width: 400, height: 300 }, { width: 1080, height: 1920 });
    expect(output).toEqual({ width: 1080, height: 1920 });
    expect(working).toEqual({ width: 168, height: 300 });
  });

  it('never makes frames larger than the source to crop from', () => {
    const { working } = fitCover({ width: 512, height: 512 }, { width: 1920, height: 1080 });
    expect(working).toEqual({ width: 512, height: 288 });
  });
});

it('fits a whole picture within a longer side, and never enlarges it', () => {
  expect(fitWithin({ width: 1280, height: 721 }, 960)).toEqual({ width: 960, height: 540 });
  expect(fitWithin({ width: 100, height: 401 }, 960)).toEqual({ width: 100, height: 402 });
});
