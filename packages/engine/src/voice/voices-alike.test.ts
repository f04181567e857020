import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEspeakProvider } from './espeak-provider.js';
import { createFliteProvider } from './flite-provider.js';
import { createNeuralProvider } from './neural-provider.js';
import { TINY_MODELS, writeModel } from './tiny-model.test.fixture.js';
import { createVoiceCatalogue, type VoiceCatalogue, type VoicedSpeech } from './voice-catalogue.js';

let folder: string;
let catalogue: VoiceCatalogue;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alike-'));
  await writeModel(folder, TINY_MODELS.vits);
  const files = { model: 'model.onnx', tokens: 'tokens.txt', lexicon: 'lexicon.txt' };
  const manifest = {
    name: 'hum',
    languages: ['en'],
    licence: 'test',
    speakers: [{ id: 0, name: 'Hum', gender: 'female', language: 'en' } as const],
    model: { engine: 'sherpa', family: 'vits', files } as const,
  };
  const neural = createNeuralProvider('neural', async () => [{ directory: folder, manifest }]);
  catalogue = createVoiceCatalogue([neural, createEspeakProvider(), createFliteProvider()]);
});

afterAll(async () => {
  await catalogue.close();
  await rm(folder, { recursive: true });
});

/** Begins and ends with a sound that is heard at once; the humming voice has few words. */
const textFor = (voice: string): string =>
  voice === 'Hum' ? 'Hello world, hello.' : 'I owe you a dollar, and you owe me another one now.';

const say = (voice: string, wish: { speed?: number; pitch?: number; text?: string } = {}) =>
  catalogue.speak({ text: textFor(voice), voice, ...wish });

/** Seconds of silence at both ends: 46 dB below the loudest. */
const ends = ({ samples, sampleRate }: VoicedSpeech): readonly number[] => {
  const least = 0.005 * samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const first = samples.findIndex((value) => Math.abs(value) > least);
  const last = samples.findLastIndex((value) => Math.abs(value) > least);
  return [first / sampleRate, (samples.length - 1 - last) / sampleRate];
};

/** Decibels of full scale of the loud parts: those within 25 dB of the loudest 20 ms. */
const level = ({ samples, sampleRate }: VoicedSpeech): number => {
  const length = Math.round(0.02 * sampleRate);
  const powers = Array.from({ length: Math.floor(samples.length / length) }, (_, index) =>
    samples
      .subarray(index * length, (index + 1) * length)
      .reduce((sum, value) => sum + value ** 2 / length, 0),
  );
  const loud = powers.filter((power) => power > Math.max(...powers) * 10 ** -2.5);
  return 10 * Math.log10(loud.reduce((sum, power) => sum + power, 0) / loud.length);
};

/** Median of the fundamental frequency of the voiced parts, by autocorrelation from 60 to 400 Hz. */
const fundamental = ({ samples, sampleRate }: VoicedSpeech): number => {
  const length = Math.round(0.04 * sampleRate);
  const found: number[] = [];
  for (let from = 0; from + 2 * length < samples.length; from += length) {
    const correlation = (lag: number): number => {
      let [sum, one, other] = [0, 1e-9, 1e-9];
      for (let index = from; index < from + length; index++) {
        sum += samples[index] * samples[index + lag];
        one += samples[index] ** 2;
        other += samples[index + lag] ** 2;
      }
      return sum / Math.sqrt(one * other);
    };
    const [low, high] = [Math.round(sampleRate / 400), Math.round(sampleRate / 60)];
    const scores = Array.from({ length: high - low }, (_, index) => correlation(low + index));
    const best = Math.max(...scores);
    // Of periods that fit as well, the shortest is the fundamental one.
    if (best > 0.8) found.push(sampleRate / (low + scores.findIndex((score) => score > best - 0.05)));
  }
  return found.toSorted((one, other) => one - other)[Math.floor(found.length / 2)];
};

/** Hertz below which half of the sound of 100 to 4000 Hz lies: where the formants are, whatever the pitch. */
const middle = ({ samples, sampleRate }: VoicedSpeech): number => {
  const length = 1024;
  const powers = new Float64Array(64);
  for (let from = 0; from + length < samples.length; from += length)
    for (let band = 0; band < powers.length; band++) {
      const hertz = 100 * (4000 / 100) ** (band / powers.length);
      let [real, imaginary] = [0, 0];
      for (let index = 0; index < length; index++) {
        const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / length);
        const phase = (2 * Math.PI * hertz * index) / sampleRate;
        real += hann * samples[from + index] * Math.cos(phase);
        imaginary += hann * samples[from + index] * Math.sin(phase);
      }
      powers[band] += Math.log(1e-6 + Math.hypot(real, imaginary)) + 14;
    }
  const total = powers.reduce((sum, power) => sum + power, 0);
  const weighted = powers.reduce((sum, power, band) => sum + power * (band / powers.length), 0);
  return 100 * (4000 / 100) ** (weighted / total);
};

describe.each(['Hum', 'James', 'Emma', 'Susan', 'Kevin'])('the voice %s', (voice) => {
  it('leaves the same silence at both ends, which follows the tempo', async () => {
    // What is faint at the end of a sound counts to it or not by a few decibels.
    for (const end of ends(await say(voice))) expect(Math.abs(end - 0.06)).toBeLessThan(0.025);
    for (const end of ends(await say(voice, { speed: 2 }))) expect(Math.abs(end - 0.03)).toBeLessThan(0.025);
  });

  it('is as loud as the others', async () => {
    expect(level(await say(voice))).toBeCloseTo(-18, 0);
  });

  it.each([0.5, 0.8, 1.5, 2])('is %s times as fast when it is asked to be', async (speed) => {
    const length = ({ samples, sampleRate }: VoicedSpeech): number => samples.length / sampleRate;
    const tempo = length(await say(voice)) / length(await say(voice, { speed }));
    expect(Math.abs(tempo / speed - 1)).toBeLessThan(0.05);
  });

  it('pauses for as long as it is told to, and between sentences like the others', async () => {
    const length = ({ samples, sampleRate }: VoicedSpeech): number => samples.length / sampleRate;
    const told = await say(voice, { text: '<speak>Hello world<break time="800ms"/>hello world</speak>' });
    const alone = await say(voice, { text: 'hello world' });
    expect(length(told) - 2 * length(alone) + 4 * 0.06).toBeCloseTo(0.8 + 2 * 0.06, 0.9);
    const { sentences } = await say(voice, { text: 'Hello world. Hello world.' });
    expect(sentences[1].start - sentences[0].end + 2 * 0.06).toBeCloseTo(0.37, 2);
  });
});

describe.each(['James', 'Emma', 'Susan', 'Kevin'])('the voice %s, raised', (voice) => {
  it.each([0.85, 1.3])('by %s has another pitch and the same formants', async (pitch) => {
    const [plain, moved] = [await say(voice), await say(voice, { pitch })];
    expect(fundamental(moved) / fundamental(plain)).toBeGreaterThan(pitch > 1 ? 1.15 : 0.8);
    expect(fundamental(moved) / fundamental(plain)).toBeLessThan(pitch > 1 ? 1.4 : 0.92);
    expect(Math.abs(middle(moved) / middle(plain) - 1)).toBeLessThan(0.06);
  });
});
