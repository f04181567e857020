import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEspeakData } from './espeak-data.test.fixture.js';
import { createNeuralProvider } from './neural-provider.js';
import { enlarged } from './onnx-file.test.fixture.js';
import { ownModel } from './own-model.js';
import { TINY_FLOW_MODELS } from './tiny-flow-models.test.fixture.js';
import { writeModel } from './tiny-model.test.fixture.js';
import { createVoiceCatalogue, type VoicedSpeech } from './voice-catalogue.js';
import { waveFile } from './wave-file.js';

type Family = keyof typeof TINY_FLOW_MODELS;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flow-'));
  for (const family of Object.keys(TINY_FLOW_MODELS) as Family[]) {
    const files = Object.entries(TINY_FLOW_MODELS[family]).map(([name, content]) => [
      name,
      name.endsWith('.onnx') ? enlarged(content) : content,
    ]);
    await writeModel(join(folder, family), Object.fromEntries(files));
    const hum = Float32Array.from({ length: 16_000 }, (_, index) => Math.sin(index / 10) * 0.3);
    if (family !== 'supertonic')
      await writeFile(join(folder, family, 'reference.wav'), waveFile(hum, 16_000));
  }
  await writeFile(join(folder, 'zipvoice', 'reference.txt'), 'hello');
  await writeEspeakData(join(folder, 'zipvoice', 'espeak-ng-data'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Speaks with the model in the directory of a family, as with one of a user's own. */
const speak = async (family: Family, wish: { voice?: string } = {}): Promise<VoicedSpeech> => {
  const directory = join(folder, family);
  const provider = createNeuralProvider('own model', async () => [
    { directory, manifest: await ownModel(directory) },
  ]);
  const catalogue = createVoiceCatalogue([provider]);
  return catalogue.speak({ text: 'Hello world.', ...wish }).finally(catalogue.close);
};

describe('a model of several networks', () => {
  it.each([
    ['supertonic', 'supertonic 0'],
    ['zipvoice', 'zipvoice'],
    ['pocket', 'pocket'],
  ] as const)('of the family %s speaks', async (family, name) => {
    const speech = await speak(family);
    expect(speech.voice.name).toBe(name);
    expect(speech.sampleRate).toBe(24_000);
    expect(speech.samples.length).toBeGreaterThan(5000);
    expect(speech.samples.some((value) => Math.abs(value) > 0.05)).toBe(true);
  });

  it('of the family supertonic has as many speakers as its file of voices', async () => {
    expect((await speak('supertonic', { voice: 'supertonic 1' })).voice.language).toBe('en');
    await expect(speak('supertonic', { voice: 'supertonic 2' })).rejects.toThrow(/supertonic 2/);
  });
});
