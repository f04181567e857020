import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enlarged } from './onnx-file.test.fixture.js';
import { openVoices, type VoiceSettings } from './open-voices.js';
import { TINY_MODELS, writeModel, writeTinyVoice } from './tiny-model.test.fixture.js';

let server: Server | undefined;

afterEach(() => server?.close());

const speechServer = async (): Promise<string> => {
  const listening = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ voices: ['zf_xiaobei', 'nova'] }));
  }).listen(0, '127.0.0.1');
  server = listening;
  await new Promise((resolve) => listening.once('listening', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
};

it('puts the voices of a speech server that was set up before those that come with the engine', async () => {
  const catalogue = openVoices({ speechUrl: await speechServer() });
  const voices = await catalogue.voices();
  await catalogue.close();
  expect(voices.slice(0, 2).map(({ name, provider }) => [name, provider])).toEqual([
    ['zf_xiaobei', 'openai'],
    ['nova', 'openai'],
  ]);
  expect(voices.some(({ provider }) => provider === 'espeak')).toBe(true);
});

it('goes on with the other voices while the server is down, and says so', async () => {
  const catalogue = openVoices({ speechUrl: 'http://127.0.0.1:9' });
  const { voice, notices } = await catalogue.speak({ text: '你好' });
  await catalogue.close();
  expect(voice.provider).toBe('espeak');
  expect(notices).toEqual([expect.stringContaining('127.0.0.1:9')]);
});

it('needs no list from a server whose voices are named', async () => {
  const catalogue = openVoices({ speechUrl: 'http://127.0.0.1:9', speechVoices: ['alloy'] });
  const found = await catalogue.find('alloy');
  await catalogue.close();
  expect(found).toMatchObject({ provider: 'openai', language: 'mul' });
});

describe('a model of one’s own and an installed voice', () => {
  let folder: string;
  let settings: VoiceSettings;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voices-'));
    settings = { sherpaModel: join(folder, 'own'), voicesDirectory: join(folder, 'voices') };
    const { 'model.onnx': network, ...words } = TINY_MODELS.vits;
    const files = { ...words, 'model.onnx': enlarged(network) };
    await writeModel(join(folder, 'own'), files);
    await mkdir(join(folder, 'voices'));
    await writeTinyVoice(join(folder, 'voices', 'tiny'), files);
  });

  afterEach(() => rm(folder, { recursive: true }));

  const heard = async (given: VoiceSettings): Promise<readonly unknown[]> => {
    const catalogue = openVoices(given);
    const list = (await catalogue.voices()).map(({ name }) => name);
    const { voice, notices } = await catalogue.speak({ text: 'Hello world.' });
    await catalogue.close();
    return [list.slice(0, 4), list.includes('James'), voice.name, notices];
  };

  it('come before espeak, one’s own first, and read what they can', async () => {
    const { voicesDirectory } = settings;
    expect(await heard({ voicesDirectory })).toEqual([
      ['Tiny', expect.anything(), expect.anything(), expect.anything()],
      true,
      'Tiny',
      [],
    ]);
    expect(await heard(settings)).toEqual([['own 0', 'own 1', 'own 2', 'Tiny'], true, 'own 0', []]);
  });

  it('do not take each other along when one’s own is broken', async () => {
    await rm(join(folder, 'own', 'tokens.txt'));
    const [list, , voice, notices] = await heard(settings);
    expect((list as string[])[0]).toBe('Tiny');
    expect(voice).toBe('Tiny');
    expect(notices).toEqual([expect.stringMatching(/own.*it has no tokens\.txt/)]);
  });
});
