import { describe, expect, it } from 'vitest';
import { alignPhones } from './forced-alignment.js';
import { listenToSpeech } from './listen-to-speech.js';
import { papaSamples, papaVector } from './papa.test-vector.js';
import { phoneClasses } from './speech-classes.js';

const heard = await listenToSpeech(papaSamples());
const { phones } = papaVector();
const spoken = phones.map(({ ipa }) => ipa);
const sounding = (list: readonly { ipa: string }[]): typeof list =>
  list.filter(({ ipa }) => phoneClasses(ipa).length > 0);

describe('alignPhones', () => {
  it('finds known phones where they are', () => {
    const { phones: found, fits } = alignPhones(heard, spoken);
    expect(fits).toBe(true);
    const truth = sounding(phones) as typeof phones;
    const aligned = sounding(found) as typeof phones;
    expect(aligned.map(({ ipa }) => ipa)).toEqual(truth.map(({ ipa }) => ipa));
    const errors = aligned.map(({ start }, k) => Math.abs(start - truth[k].start)).sort((a, b) => a - b);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.025);
    expect(errors[Math.floor(errors.length * 0.9)]).toBeLessThan(0.06);
  });

  it('covers the speech from its start to its end without gaps', () => {
    const { phones: found } = alignPhones(heard, spoken);
    expect(found[0].start).toBe(0);
    expect(found.at(-1)?.end).toBeCloseTo(heard.frameCount / 100, 5);
    found.slice(1).forEach((phone, k) => {
      expect(phone.start).toBe(found[k].end);
    });
  });

  it('finds a pause that the text does not have', async () => {
    const samples = papaSamples();
    const cut = Math.round(phones[Math.floor(phones.length / 2)].start * 16_000);
    const paused = new Float32Array(samples.length + 8000);
    paused.set(samples.subarray(0, cut));
    paused.set(samples.subarray(cut), cut + 8000);
    const { phones: found, fits } = alignPhones(await listenToSpeech(paused), spoken);
    const longest = found
      .slice(1, -1)
      .filter(({ ipa }) => ipa === '')
      .sort((a, b) => b.end - b.start - (a.end - a.start))[0];
    expect(fits).toBe(true);
    expect(longest.start).toBeCloseTo(cut / 16_000, 1);
    expect(longest.end - longest.start).toBeGreaterThan(0.4);
  });

  it('says when the text is another one', () => {
    const other = [...spoken].reverse();
    expect(alignPhones(heard, other).fits).toBe(false);
  });

  it('does not fit more phones than the sound has room for', () => {
    const crowd = Array.from({ length: 20 }, () => spoken).flat();
    expect(alignPhones(heard, crowd)).toMatchObject({ mismatch: Number.POSITIVE_INFINITY, fits: false });
  });
});
