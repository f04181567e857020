import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFliteProvider } from './flite-provider.js';
import { createOpenAiProvider, type OpenAiProviderOptions } from './openai-provider.js';
import { createVoiceCatalogue, type VoiceCatalogue } from './voice-catalogue.js';

const RATE = 24000;

type Answer = (request: IncomingMessage, response: ServerResponse, body: Record<string, unknown>) => void;

let server: Server;
let base: string;
let speechAnswer: Answer;
let voicesAnswer: Answer;
let asked: { body: Record<string, unknown>; key: string | undefined }[];

/** A tone of 0.1 s a character, at most 2 s, in a WAV whose header gives no size, as Kokoro-FastAPI streams it. */
const toneWav = (text: string): Buffer => {
  const wav = Buffer.alloc(44 + 2 * Math.round(Math.min(20, text.length) * 0.1 * RATE));
  wav.write('RIFF\xff\xff\xff\xffWAVEfmt ', 0, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(2 * RATE, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data\xff\xff\xff\xff', 36, 'latin1');
  for (let at = 44, i = 0; at < wav.length; at += 2, i++) {
    wav.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * 200 * i) / RATE)), at);
  }
  return wav;
};

const json = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

beforeEach(async () => {
  asked = [];
  speechAnswer = (_request, response, body) => {
    response.writeHead(200, { 'content-type': 'audio/wav' }).end(toneWav(String(body.input)));
  };
  voicesAnswer = (_request, response) =>
    json(response, 200, { voices: ['zf_xiaobei', 'am_adam', { id: 'x1', name: 'Ada' }] });
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body =
        parts.length > 0 ? (JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>) : {};
      if (request.url === '/v1/audio/voices') voicesAnswer(request, response, body);
      else if (request.url === '/v1/audio/speech' && request.method === 'POST') {
        asked.push({ body, key: request.headers.authorization });
        speechAnswer(request, response, body);
      } else json(response, 404, { detail: 'Not Found' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const open = (options: Partial<OpenAiProviderOptions> = {}): VoiceCatalogue =>
  createVoiceCatalogue([createOpenAiProvider({ baseUrl: base, ...options })]);

describe('the OpenAI voices', () => {
  it('are those that the server lists, with what their names tell', async () => {
    expect(await open().voices()).toMatchObject([
      { name: 'zf_xiaobei', gender: 'female', language: 'zh' },
      { name: 'am_adam', gender: 'male', language: 'en' },
      { name: 'Ada', gender: 'female', language: 'mul' },
    ]);
  });

  it('come from the configuration where the server lists none', async () => {
    voicesAnswer = (_request, response) => json(response, 404, {});
    expect(await open().voices()).toEqual([]);
    const voices = [{ id: 'onyx', language: 'de', gender: 'male' as const }];
    expect(await open({ voices }).voices()).toMatchObject([{ name: 'onyx', gender: 'male', language: 'de' }]);
  });

  it('read a text sentence by sentence, with times, and say what the server wants to hear', async () => {
    const catalogue = open({
      baseUrl: `${base}/v1/`,
      apiKey: 'k-1',
      model: 'kokoro',
      extraBody: { lang: 'z' },
    });
    const speech = await catalogue.speak({ text: '今天天气很好。我们走吧！😀' });
    expect(speech.sampleRate).toBe(RATE);
    expect(speech.phones).toBeUndefined();
    // 0.7 and 0.5 s of sound, 0.06 s of silence on both sides, 0.37 s from sound to sound.
    expect(speech.sentences).toMatchObject([
      { start: 0, end: expect.closeTo(0.82, 2), text: '今天天气很好。' },
      { start: expect.closeTo(1.07, 2), end: expect.closeTo(1.69, 2), text: '我们走吧！' },
    ]);
    expect(asked.map(({ body }) => body.input)).toEqual(['今天天气很好。', '我们走吧！']);
    expect(asked[0].body).toMatchObject({
      model: 'kokoro',
      voice: 'zf_xiaobei',
      response_format: 'wav',
      lang: 'z',
    });
    expect(asked[0].key).toBe('Bearer k-1');
  });

  it('finish speed and pitch here', async () => {
    const own = await open().speak({ text: 'Hello my dear world.', voice: 'am_adam' });
    const fast = await open().speak({
      text: 'Hello my dear world.',
      voice: 'am_adam',
      speed: 1.6,
      pitch: 1.2,
    });
    expect(own.samples.length / fast.samples.length).toBeCloseTo(1.6, 2);
  });

  it('never send more than the server takes', async () => {
    await open().speak({ text: '很'.repeat(4500), voice: 'zf_xiaobei' });
    expect(Math.max(...asked.map(({ body }) => String(body.input).length))).toBeLessThanOrEqual(4096);
    expect(asked.map(({ body }) => body.input).join('')).toHaveLength(4500);
  });

  it('read a language that no other voice has with a voice for all languages', async () => {
    expect((await open().speak({ text: 'こんにちは' })).voice.name).toBe('Ada');
  });
});

describe('a failing speech server', () => {
  it('is asked again while it is busy or broken', async () => {
    const good = speechAnswer;
    const failures = [429, 503];
    speechAnswer = (request, response, body) => {
      const status = failures.shift();
      if (status === undefined) good(request, response, body);
      else json(response, status, { error: { message: 'busy' } });
    };
    await open().speak({ text: 'Hello.', voice: 'am_adam' });
    expect(asked).toHaveLength(3);
  });

  it('is reported with its own words when it refuses, without another trial', async () => {
    speechAnswer = (_request, response) => json(response, 401, { error: { message: 'Incorrect API key' } });
    await expect(open().speak({ text: 'Hello.', voice: 'am_adam' })).rejects.toThrow(
      /refused with 401: Incorrect API key/,
    );
    expect(asked).toHaveLength(1);
  });

  it('is reported when it hangs, is away, or answers something else', async () => {
    speechAnswer = () => {};
    const slow = open({ timeoutSeconds: 0.2 });
    await expect(slow.speak({ text: 'Hello.', voice: 'am_adam' })).rejects.toThrow(/no answer within 0.2 s/);
    speechAnswer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('ID3....');
    await expect(open().speak({ text: 'Hello.', voice: 'am_adam' })).rejects.toThrow(
      /\(audio\/mpeg\) is not speech/,
    );
    const away = open({ baseUrl: 'http://127.0.0.1:9' });
    await expect(away.voices()).rejects.toThrow(/voice provider "openai" failed/);
  });

  it('does not take the other voices along', async () => {
    const away = createOpenAiProvider({ baseUrl: 'http://127.0.0.1:9' });
    const catalogue = createVoiceCatalogue([away, createFliteProvider()]);
    expect((await catalogue.speak({ text: 'Hello.' })).voice.provider).toBe('flite');
    await expect(catalogue.find('alloy')).rejects.toThrow(/127\.0\.0\.1:9/);
    await catalogue.close();
  });

  it('is not waited for after an abort', async () => {
    speechAnswer = () => {};
    const abort = new AbortController();
    const speaking = open().speak({ text: 'Hello.', voice: 'am_adam' }, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 50);
    await expect(speaking).rejects.toThrow('enough');
  });
});
