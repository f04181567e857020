import { expect, it } from 'vitest';
import { randomDecoder, randomFront } from './random-weights.test.fixture.js';
import { loadVoice, SAMPLE_RATE } from './speech.js';

const FRAME = 256 / SAMPLE_RATE;

it('computes the durations and the wave that another implementation of the networks gives', async () => {
  const speak = await loadVoice(randomFront(), randomDecoder(), () => 'p_ˈɐ_p_ɑː b_ɔː_t');
  const { samples, phones } = await speak('Papa bought', 4);
  expect(samples).toHaveLength(138 * 256);
  // Computed with tfjs 4.22, whose convolutions are its own.
  expect(phones.map(({ end }) => Math.round(end / FRAME))).toEqual([11, 23, 45, 57, 89, 101, 123, 134, 138]);
  const wave = [0.29843, 0.38011, 0.35641, 0.37688, 0.83158, 0.24985, 0.37554, 0.36479, 0.37937];
  for (const [index, sample] of wave.entries()) expect(samples[500 + 4000 * index]).toBeCloseTo(sample, 4);
});
