import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpeechModelError } from '../errors/speech-model-error.js';
import { createSherpaProvider } from './sherpa-provider.js';
import { createVoiceCatalogue } from './voice-catalogue.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sherpa-model-'));
});

afterEach(async () => {
  delete process.env.NODE_PATH;
  await rm(folder, { recursive: true });
});

const put = (...files: string[]): Promise<unknown> =>
  Promise.all(files.map((file) => writeFile(join(folder, file), '')));

const voices = (): Promise<unknown> => createSherpaProvider({ modelDirectory: folder }).voices();

/** Stands in for the neural package, which needs a model of hundreds of megabytes: hums and tells its configuration. */
const installPackage = async (): Promise<void> => {
  const home = join(folder, 'modules', 'sherpa-onnx-node');
  await mkdir(home, { recursive: true });
  await writeFile(
    join(home, 'index.js'),
    `exports.OfflineTts = class {
      constructor(config) { this.numSpeakers = config.model.kokoro.model.endsWith('model.onnx') ? 3 : 0; }
      generate({ text, sid }) {
        const samples = Float32Array.from({ length: 2400 * text.length }, (_, i) => 0.3 * Math.sin(i * 0.05 * (sid + 1)));
        return { samples, sampleRate: 24000 };
      }
    };`,
  );
  process.env.NODE_PATH = join(folder, 'modules');
};

describe('the sherpa voices', () => {
  it('name what is missing in the directory of the model', async () => {
    await expect(createSherpaProvider({ modelDirectory: '/nowhere' }).voices()).rejects.toThrow(
      /no readable directory/,
    );
    await expect(voices()).rejects.toThrow(/it has no tokens.txt/);
    await put('tokens.txt');
    await expect(voices()).rejects.toThrow(/neither a lexicon/);
    await put('lexicon-zh.txt', 'vocos-22khz.onnx');
    await expect(voices()).rejects.toThrow(SpeechModelError);
    await put('model.onnx');
    expect(await voices()).toHaveLength(1);
  });

  it('say how to install the package when it is missing', async () => {
    await put('tokens.txt', 'lexicon.txt', 'model.onnx');
    const catalogue = createVoiceCatalogue([createSherpaProvider({ modelDirectory: folder })]);
    await expect(catalogue.speak({ text: '你好' })).rejects.toThrow(/npm install sherpa-onnx-node/);
    await catalogue.close();
  });

  it('speak with the chosen speaker at the wanted speed', async () => {
    await put('tokens.txt', 'lexicon-zh.txt', 'model.onnx', 'voices.bin');
    await installPackage();
    const speakers = [
      { speaker: 2, name: '小北', gender: 'male' as const, language: 'zh' },
      { speaker: 7, name: 'Nobody', gender: 'female' as const, language: 'en' },
    ];
    const catalogue = createVoiceCatalogue([createSherpaProvider({ modelDirectory: folder, speakers })]);
    const speech = await catalogue.speak({ text: '今天天气好。', speed: 2 });
    expect(speech.voice.name).toBe('小北');
    expect(speech.sampleRate).toBe(24000);
    expect(speech.samples).toHaveLength(7200);
    await expect(catalogue.speak({ text: 'Hi', voice: 'Nobody' })).rejects.toThrow(
      /no speaker 7, only 0 to 2/,
    );
    await catalogue.close();
  });
});
