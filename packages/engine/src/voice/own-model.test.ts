import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpeechModelError } from '../errors/speech-model-error.js';
import { enlarged } from './onnx-file.test.fixture.js';
import { ownModel } from './own-model.js';
import { TINY_MODELS, writeModel } from './tiny-model.test.fixture.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** Files of a size in kilobytes; a name that ends with `/` is a directory. */
const put = async (files: Readonly<Record<string, number>>): Promise<void> => {
  for (const [name, kilobytes] of Object.entries(files)) {
    const path = join(folder, name);
    if (name.endsWith('/')) await mkdir(path);
    else {
      await writeFile(path, '');
      await truncate(path, kilobytes * 1000);
    }
  }
};

const model = async (): Promise<object> => (await ownModel(folder)).model;

describe('the model in a directory of the user', () => {
  it('names what is missing', async () => {
    await expect(ownModel('/nowhere')).rejects.toThrow(/no readable directory/);
    await expect(model()).rejects.toThrow(/it has no tokens.txt/);
    await put({ 'tokens.txt': 1 });
    await expect(model()).rejects.toThrow(/neither a lexicon/);
    await put({ 'lexicon-zh.txt': 1, 'vocos-22khz.onnx': 200 });
    await expect(model()).rejects.toThrow(SpeechModelError);
    await put({ 'model.onnx': 200 });
    expect(await model()).toMatchObject({ family: 'matcha' });
  });

  it('is Melo’s network, not the pointer to another in its archive, and its numbers come last', async () => {
    await put({
      'model.int8.onnx': 0.133,
      'model.onnx': 200,
      'tokens.txt': 1,
      'lexicon.txt': 1,
      'date.fst': 1,
      'number.fst': 1,
      'phone.fst': 1,
    });
    expect(await model()).toEqual({
      engine: 'sherpa',
      family: 'vits',
      files: { model: 'model.onnx', tokens: 'tokens.txt', lexicon: ['lexicon.txt'] },
      ruleFsts: ['date.fst', 'phone.fst', 'number.fst'],
    });
  });

  it('is Kokoro with American words before Chinese ones, and without British ones', async () => {
    const lexicons = { 'lexicon-gb-en.txt': 1, 'lexicon-zh.txt': 1, 'lexicon-us-en.txt': 1 };
    await put({ 'model.onnx': 200, 'voices.bin': 1, 'tokens.txt': 1, 'espeak-ng-data/': 0, ...lexicons });
    expect(await model()).toMatchObject({
      family: 'kokoro',
      files: { lexicon: ['lexicon-us-en.txt', 'lexicon-zh.txt'], dataDir: 'espeak-ng-data' },
    });
  });

  it('is Kitten when it has voices, but neither words nor the size of Kokoro', async () => {
    await put({ 'model.fp16.onnx': 30_000, 'voices.bin': 1, 'tokens.txt': 1, 'espeak-ng-data/': 0 });
    expect(await model()).toMatchObject({ family: 'kitten', files: { model: 'model.fp16.onnx' } });
    await put({ 'model.fp16.onnx': 90_000 });
    expect(await model()).toMatchObject({ family: 'kokoro' });
  });

  it('is Supertonic by its tts.json, and must be told the language', async () => {
    await put({
      'duration_predictor.int8.onnx': 200,
      'text_encoder.int8.onnx': 200,
      'vector_estimator.int8.onnx': 200,
      'vocoder.int8.onnx': 200,
      'tts.json': 1,
      'unicode_indexer.bin': 1,
      'voice.bin': 1,
    });
    expect(await model()).toMatchObject({
      family: 'supertonic',
      files: { vectorEstimator: 'vector_estimator.int8.onnx', voiceStyle: 'voice.bin' },
      generation: { numSteps: 8, tellLanguage: true },
    });
  });

  it('is ZipVoice or Pocket, which need a recording to copy', async () => {
    await put({ 'encoder.int8.onnx': 200, 'decoder.int8.onnx': 200, 'vocos_24khz.onnx': 200 });
    await put({ 'tokens.txt': 1, 'lexicon.txt': 1, 'espeak-ng-data/': 0 });
    await expect(model()).rejects.toThrow(/reference.wav/);
    await put({ 'reference.wav': 1 });
    await expect(model()).rejects.toThrow(/reference.txt/);
    await writeFile(join(folder, 'reference.txt'), '你好 hello\n');
    expect(await model()).toMatchObject({
      family: 'zipvoice',
      files: { encoder: 'encoder.int8.onnx', vocoder: 'vocos_24khz.onnx' },
      generation: { reference: { audio: 'reference.wav', text: '你好 hello' } },
    });
  });

  describe('without a voice.json tells its languages and speakers', () => {
    const told = async (
      family: keyof typeof TINY_MODELS,
      others: Readonly<Record<string, string | Buffer>> = {},
    ): Promise<object> => {
      const files = Object.entries({ ...TINY_MODELS[family], ...others });
      const directory = join(folder, 'mine');
      const large = files.map(([name, content]) => [
        name,
        name.endsWith('.onnx') ? enlarged(content) : content,
      ]);
      await writeModel(directory, Object.fromEntries(large));
      const { languages, speakers } = await ownModel(directory);
      return {
        languages,
        speakers: speakers.map(({ name, gender, language }) => `${name} ${gender} ${language}`),
      };
    };

    it('by the metadata of its network', async () => {
      expect(await told('vits')).toEqual({
        languages: ['en'],
        speakers: ['mine 0 female en', 'mine 1 female en', 'mine 2 female en'],
      });
    });

    it('by its words, of which a few may be foreign', async () => {
      const chinese = Array.from({ length: 200 }, (_, index) => `${String.fromCodePoint(0x4e00 + index)} a`);
      const lexicon = (...others: readonly string[]): Readonly<Record<string, string>> => ({
        'lexicon.txt': [...chinese, ...others].join('\n'),
      });
      const speakers = ['mine female zh'];
      expect(await told('matcha', lexicon('ok a'))).toEqual({ languages: ['zh'], speakers });
      const english = Array.from(
        { length: 20 },
        (_, index) => `word${'abcdefghijklmnopqrstuvwxyz'[index]} a`,
      );
      expect(await told('matcha', lexicon(...english))).toEqual({ languages: ['zh', 'en'], speakers });
    });

    it('by the names of Kokoro’s speakers', async () => {
      const network = Buffer.from(TINY_MODELS.kokoro['model.onnx'] as Buffer);
      // A name as long as the one that is there.
      network.write('zm_, af', network.indexOf('one,two'));
      expect(await told('kokoro', { 'model.onnx': network })).toEqual({
        languages: ['zh', 'en'],
        speakers: ['zm_ male zh', ' af female zh'],
      });
    });
  });

  it('reads any language when nothing tells', async () => {
    await put({ 'model.onnx': 200, 'tokens.txt': 1, 'lexicon.txt': 1 });
    expect(await ownModel(folder)).toMatchObject({ languages: ['mul'], speakers: [{ language: 'mul' }] });
  });

  it('is what its voice.json says', async () => {
    const speakers = [{ id: 4, name: '小北', gender: 'male', language: 'zh' }];
    const files = { model: 'net.onnx', tokens: 'tokens.txt' };
    const manifest = {
      name: 'mine',
      languages: ['zh'],
      licence: 'my own',
      model: { engine: 'sherpa', family: 'vits', files },
      speakers,
    };
    await writeFile(join(folder, 'voice.json'), JSON.stringify(manifest));
    await expect(ownModel(folder)).rejects.toThrow(/it has no net.onnx/);
    await put({ 'net.onnx': 1, 'tokens.txt': 1 });
    expect(await ownModel(folder)).toEqual(manifest);
    await writeFile(join(folder, 'voice.json'), JSON.stringify({ ...manifest, speakers: [] }));
    await expect(ownModel(folder)).rejects.toThrow(/its "speakers" are no list/);
    const outside = { ...manifest, model: { ...manifest.model, files: { model: '../../etc/passwd' } } };
    await writeFile(join(folder, 'voice.json'), JSON.stringify(outside));
    await expect(ownModel(folder)).rejects.toThrow(/no names within the directory/);
  });
});
