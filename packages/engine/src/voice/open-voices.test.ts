import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { openVoices } from './open-voices.js';

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
