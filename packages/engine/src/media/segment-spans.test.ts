import { expect, test } from 'vitest';
import { cutEvery, segmentSpans } from './segment-spans.js';

test('a video of a minute is made in one piece', () => {
  expect(segmentSpans(1500, 25)).toEqual([{ start: 0, end: 1500 }]);
});

test.each([
  [7500, 25],
  [1501, 25],
  [8991, 30_000 / 1001],
  [54_321, 23.976],
  [100_000, 60],
])(
  'a longer one (%s frames at %s) is cut without gaps at key frames, into about 20 s each',
  (frames, fps) => {
    const spans = segmentSpans(frames, fps);
    expect(spans[0].start).toBe(0);
    expect(spans.at(-1)!.end).toBe(frames);
    for (const [k, { start, end }] of spans.entries()) {
      if (k > 0) expect(start).toBe(spans[k - 1].end);
      expect(start % Math.round(2 * fps)).toBe(0);
      expect((end - start) / fps).toBeGreaterThan(9.9);
      expect((end - start) / fps).toBeLessThan(30.1);
    }
  },
);

test('what is shorter than a segment is one', () => {
  expect(cutEvery(20, 3, 25)).toEqual([{ start: 0, end: 3 }]);
});
