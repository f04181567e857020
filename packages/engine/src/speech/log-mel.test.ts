import { describe, expect, it } from 'vitest';
import { logMel, MEL_BANDS, NET_SAMPLE_RATE, normaliseSpectrum } from './log-mel.js';
import { papaSamples, papaVector } from './papa.test-vector.js';

describe('logMel', () => {
  it('equals the training code on speech', () => {
    const { logMel: expected, everyFrame, frameCount } = papaVector();
    const spectrum = logMel(papaSamples());
    expect(spectrum.length).toBe(frameCount * MEL_BANDS);
    const differences = expected.flatMap((row, k) =>
      row.map((value, band) => Math.abs(value - spectrum[k * everyFrame * MEL_BANDS + band])),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-3);
  });

  it('puts a tone into the band of its pitch', () => {
    const tone = Float32Array.from({ length: 4800 }, (_, i) =>
      Math.sin((2 * Math.PI * 1000 * i) / NET_SAMPLE_RATE),
    );
    const frame = logMel(tone).subarray(15 * MEL_BANDS, 16 * MEL_BANDS);
    // 1000 Hz is 999.99 mel, between the band centres 13 (940 Hz) and 14 (1034 Hz).
    expect([13, 14]).toContain(frame.indexOf(Math.max(...frame)));
  });
});

describe('normaliseSpectrum', () => {
  it('is blind to the loudness and the colouring of the recording', () => {
    const samples = papaSamples();
    const plain = logMel(samples);
    const quiet = logMel(samples.map((sample) => sample * 0.25));
    normaliseSpectrum(plain);
    normaliseSpectrum(quiet);
    const differences = Array.from(plain, (value, i) => Math.abs(value - quiet[i]));
    const mean = differences.reduce((a, b) => a + b, 0) / differences.length;
    expect(mean).toBeLessThan(0.05);
  });

  it('takes near-silence for background, not for quiet speech', () => {
    const hiss = Float32Array.from({ length: 16_000 }, (_, i) => 1e-5 * Math.sin(i * i));
    const spectrum = logMel(hiss);
    normaliseSpectrum(spectrum);
    expect(new Set(spectrum)).toEqual(new Set([-2.5]));
  });
});
