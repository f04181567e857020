import { readFileSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VoiceManifest } from '../voice-store/voice-manifest.js';
import type { InstalledVoice } from '../voice-store/voice-store.js';
import { writeEspeakData } from './espeak-data.test.fixture.js';
import { createEspeakProvider } from './espeak-provider.js';
import { createNeuralProvider } from './neural-provider.js';
import { TINY_MODELS, writeModel } from './tiny-model.test.fixture.js';
import { createVoiceCatalogue, type VoiceCatalogue } from './voice-catalogue.js';
import type { Voice, VoiceProvider } from './voice-provider.js';

let folder: string;
let provider: VoiceProvider;
let catalogue: VoiceCatalogue;

const words = { tokens: 'tokens.txt' };
const dataDir = '../espeak-ng-data';

/** What `voice.json` would say about each tiny model; its speakers are named after it. */
const MODELS: Readonly<Record<keyof typeof TINY_MODELS, VoiceManifest['model']>> = {
  vits: {
    engine: 'sherpa',
    family: 'vits',
    files: { model: 'model.onnx', lexicon: 'lexicon.txt', ...words },
  },
  piper: { engine: 'sherpa', family: 'vits', files: { model: 'en_US-tiny.onnx', dataDir, ...words } },
  matcha: {
    engine: 'sherpa',
    family: 'matcha',
    files: {
      acousticModel: 'model-steps-3.onnx',
      vocoder: 'vocos-tiny.onnx',
      lexicon: 'lexicon.txt',
      ...words,
    },
    numbers: { noiseScale: 0.667, lengthScale: 1 },
  },
  kokoro: {
    engine: 'sherpa',
    family: 'kokoro',
    files: {
      model: 'model.onnx',
      voices: 'voices.bin',
      dataDir,
      lexicon: ['lexicon-us-en.txt', 'lexicon-zh.txt'],
      ...words,
    },
  },
  kitten: {
    engine: 'sherpa',
    family: 'kitten',
    files: { model: 'model.fp16.onnx', voices: 'voices.bin', dataDir, ...words },
  },
};

const LANGUAGES: Readonly<Record<string, readonly string[]>> = { matcha: ['zh'], kokoro: ['zh', 'en'] };
let models: InstalledVoice[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neural-'));
  await writeEspeakData(join(folder, 'espeak-ng-data'));
  models = [];
  for (const [name, files] of Object.entries(TINY_MODELS)) {
    const directory = join(folder, name);
    await writeModel(directory, files);
    const languages = LANGUAGES[name] ?? ['en'];
    const speakers = [0, 1].map((id) => ({
      id,
      name: `${name} ${id}`,
      gender: 'female' as const,
      language: languages[0],
    }));
    models.push({
      directory,
      manifest: { name, languages, licence: 'test', speakers, model: MODELS[name as keyof typeof MODELS] },
    });
  }
  provider = createNeuralProvider('neural', async () => models);
  catalogue = createVoiceCatalogue([provider, createEspeakProvider()]);
});

afterAll(async () => {
  await catalogue.close();
  await rm(folder, { recursive: true });
});

describe('a neural voice', () => {
  it.each([
    ['vits', 'Hello world.', 22_050],
    ['piper', 'Hello world.', 16_000],
    ['matcha', '你好。', 16_000],
    ['kokoro', '你好 hello.', 24_000],
    ['kitten', 'Hello world.', 24_000],
  ])('of the family %s speaks', async (name, text, sampleRate) => {
    const speech = await catalogue.speak({ text, voice: `${name} 0` });
    expect(speech.sampleRate).toBe(sampleRate);
    expect(speech.samples.length).toBeGreaterThan(1000);
    expect(speech.samples.some((value) => Math.abs(value) > 0.05)).toBe(true);
    expect(speech.notices).toEqual([]);
    expect(speech.phones).toBeUndefined();
  });

  it('reads English words by the American lexicon', async () => {
    const [hello, known] = [
      await catalogue.speak({ text: 'hello', voice: 'kokoro 0' }),
      await catalogue.speak({ text: '你好', voice: 'kokoro 0' }),
    ];
    // Both have four letters in those lexicons; the British one would give one.
    expect(Math.abs(hello.samples.length - known.samples.length)).toBeLessThan(2100);
  });

  it('is twice as fast when asked to be, and every sentence has its time', async () => {
    const [plain, fast] = [1, 2].map((speed) =>
      catalogue.speak({ text: 'Hello world. Hello, hello.', voice: 'vits 0', speed }),
    );
    const slow = await plain;
    expect((await fast).samples.length / slow.samples.length).toBeCloseTo(0.5, 1);
    expect(slow.sentences.map(({ text }) => text)).toEqual(['Hello world.', 'Hello, hello.']);
    expect(slow.sentences[1].start).toBeGreaterThan(slow.sentences[0].end);
  });

  it.runIf(process.platform === 'linux')('has at most two models loaded, those that spoke last', async () => {
    const programs = (): readonly string[] =>
      readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
    const before = programs();
    const other = createNeuralProvider('other', async () => models);
    const voices = await other.voices();
    const say = async (name: string): Promise<string | undefined> => {
      const known = programs();
      const voice = voices.find((candidate) => candidate.name === `${name} 0`) as Voice;
      await other.speak({ text: 'Hello', voice, speed: 1, pitch: 1 });
      return programs().find((id) => !known.includes(id));
    };
    const [vits, piper] = [await say('vits'), await say('piper')];
    expect(await say('vits')).toBeUndefined();
    const kitten = await say('kitten');
    expect(programs().filter((id) => !before.includes(id))).toEqual([vits, kitten]);
    expect(piper).toBeDefined();
    await other.close();
  });

  it('says which speakers there are when its model lacks one', async () => {
    await expect(catalogue.speak({ text: 'Hello', voice: 'piper 1' })).rejects.toThrow(
      /no speaker 1, only 0 to 0/,
    );
  });

  it('says what its program said when the model does not load, and does so in a process of its own', async () => {
    const home = join(folder, 'kitten');
    await rename(join(home, 'tokens.txt'), join(home, 'gone.txt'));
    const other = createNeuralProvider('neural', async () => models);
    const [voice] = (await other.voices()).filter(({ name }) => name === 'kitten 0');
    await expect(other.speak({ text: 'Hello', voice, speed: 1, pitch: 1 })).rejects.toThrow(
      /"neural" failed.*Remove the voice "kitten"/,
    );
    await other.close();
    await rename(join(home, 'gone.txt'), join(home, 'tokens.txt'));
  });
});

describe('the choice of a voice', () => {
  const chosen = async (text: string): Promise<string> => (await catalogue.speak({ text })).voice.name;

  it('prefers a neural voice, and of those one whose own language it is', async () => {
    expect(await chosen('Hello world.')).toBe('vits 0');
    expect(await chosen('你好。')).toBe('matcha 0');
    expect(await chosen('Guten Tag, wie geht es dir? Es ist nicht der letzte Tag.')).toBe('Anna');
  });

  it('prefers a bilingual voice for Chinese and English in one text', async () => {
    expect(await chosen('你好 hello world 你好。')).toBe('kokoro 0');
  });

  it('follows what is installed at the moment', async () => {
    const all = models.splice(0, 3);
    expect(await chosen('你好。')).toBe('kokoro 0');
    models.unshift(...all);
    expect(await chosen('你好。')).toBe('matcha 0');
  });
});
