import { describe, expect, it } from 'vitest';
import { withEvenEnds } from './even-ends.js';
import type { SpeechPiece } from './speak-by-sentence.js';

const RATE = 16_000;

/** A tone of half a second with silence around it. */
const tone = (before: number, after: number): SpeechPiece => {
  const [from, to] = [before * RATE, (before + 0.5) * RATE];
  const samples = Float32Array.from({ length: (before + 0.5 + after) * RATE }, (_, index) =>
    index >= from && index < to ? Math.sin(index) : 0,
  );
  return { samples, sampleRate: RATE };
};

const edges = ({ samples }: SpeechPiece): readonly number[] => {
  const isLoud = (value: number): boolean => Math.abs(value) > 0.1;
  return [samples.findIndex(isLoud), samples.length - 1 - samples.findLastIndex(isLoud)].map(
    (count) => count / RATE,
  );
};

describe('withEvenEnds', () => {
  it.each([
    [0, 0],
    [0.3, 0.02],
    [0.01, 0.8],
  ])('makes silences of %s and %s s alike', (before, after) => {
    const [piece] = withEvenEnds([tone(before, after)], 0.1);
    for (const edge of edges(piece)) expect(edge).toBeCloseTo(0.1, 1.5);
    expect(piece.samples.length / RATE).toBeCloseTo(0.7, 1.5);
  });

  it('leaves the silence between pieces', () => {
    const pieces = withEvenEnds([tone(0.3, 0.2), tone(0.25, 0.4)], 0.1);
    expect(pieces.map((piece) => piece.samples.length / RATE)).toEqual([
      expect.closeTo(0.8, 1.5),
      expect.closeTo(0.85, 1.5),
    ]);
  });

  it('moves the phones along and cuts nothing off those that shut the lips in silence', () => {
    const phones = [
      { start: 0, end: 0.2, ipa: '' },
      { start: 0.2, end: 0.32, ipa: 'p' },
      { start: 0.32, end: 0.8, ipa: 'a' },
      { start: 0.8, end: 1, ipa: '' },
    ];
    const [piece] = withEvenEnds([{ ...tone(0.3, 0.2), phones }], 0.05);
    const times = piece.phones?.map(({ start, end, ipa }) => [start.toFixed(2), end.toFixed(2), ipa]);
    expect(times).toEqual([
      ['0.00', '0.05', ''],
      ['0.05', '0.17', 'p'],
      ['0.17', '0.65', 'a'],
      ['0.65', '0.70', ''],
    ]);
  });

  it('does not stumble over silence alone', () => {
    const silence = { samples: new Float32Array(1600), sampleRate: RATE };
    expect(withEvenEnds([silence], 0.05)[0].samples.length).toBeGreaterThan(0);
  });
});
