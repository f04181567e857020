import { describe, expect, it } from 'vitest';
import { listenToSpeech } from './listen-to-speech.js';
import { papaSamples, papaVector } from './papa.test-vector.js';

const average = (values: Float32Array, first: number, last: number): number =>
  values.slice(first, last).reduce((a, b) => a + b, 0) / (last - first);

describe('listenToSpeech', () => {
  it('hears lips close for p, b and m, teeth on lips for f and v, and vowels open', async () => {
    const heard = await listenToSpeech(papaSamples());
    const { phones, frameCount } = papaVector();
    expect(heard.frameCount).toBe(frameCount);
    const within = (ipa: RegExp, values: Float32Array): number[] =>
      phones
        .filter((phone) => ipa.test(phone.ipa))
        .map(({ start, end }) => Math.max(...values.slice(Math.floor(start * 100), Math.ceil(end * 100))));
    const closures = within(/^[pbm]/u, heard.closure);
    expect(closures.filter((value) => value > 0.5).length).toBeGreaterThanOrEqual(closures.length - 1);
    const bites = within(/^[fv]/u, heard.labiodental);
    expect(bites.filter((value) => value > 0.5).length).toBeGreaterThanOrEqual(bites.length - 1);
    expect(Math.max(...within(/^ɑː/u, heard.aperture))).toBeGreaterThan(0.6);
    expect(Math.max(...within(/^uː/u, heard.rounding))).toBeGreaterThan(0.4);
  });

  it('keeps the mouth at rest in silence and in hiss', async () => {
    const silence = await listenToSpeech(new Float32Array(32_000));
    expect(Math.max(...silence.aperture)).toBeLessThan(0.1);
    const hiss = Float32Array.from({ length: 48_000 }, () => 0.02 * (Math.random() - 0.5));
    const heard = await listenToSpeech(hiss);
    expect(average(heard.aperture, 0, heard.frameCount)).toBeLessThan(0.1);
  });

  it('gives probabilities of the 15 classes, and loudness between 0 and 1', async () => {
    const { posteriors, frameCount, loudness } = await listenToSpeech(papaSamples());
    for (let t = 0; t < frameCount; t++) {
      const sum = posteriors.slice(t * 15, (t + 1) * 15).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
    expect(Math.max(...loudness)).toBeGreaterThan(0.85);
    expect(Math.min(...loudness)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...loudness)).toBeLessThanOrEqual(1);
  });

  it('hears two minutes in blocks as it hears one', async () => {
    const sentence = papaSamples();
    const repeats = Math.ceil((16_000 * 120) / sentence.length);
    const long = new Float32Array(repeats * sentence.length);
    for (let k = 0; k < repeats; k++) long.set(sentence, k * sentence.length);
    const [once, many] = await Promise.all([listenToSpeech(sentence), listenToSpeech(long)]);
    expect(many.frameCount).toBe(Math.floor(long.length / 160));
    const offset = Math.round((40 * sentence.length) / 160);
    expect(average(many.aperture, offset, offset + 200)).toBeCloseTo(average(once.aperture, 0, 200), 1);
  });

  it('has no frames for no sound', async () => {
    const heard = await listenToSpeech(new Float32Array(100));
    expect(heard.frameCount).toBe(0);
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    const listening = listenToSpeech(new Float32Array(16_000 * 600), controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(listening).rejects.toThrow('enough');
  });
});
