import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EXAMPLE_VOICE_ID } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENGINE_PROGRAM, startTestServer, type TestServer, until } from '../testing/test-server.js';

type TinyVoice = { writeTinyVoice(directory: string): Promise<void> };

let voices: string;
let server: TestServer;

/** Installs a voice that hums: the smallest network that the engine's own tests speak with. */
const installTinyVoice = async (): Promise<void> => {
  const engine = path.dirname(createRequire(import.meta.url).resolve('@chanjing-avatar/engine'));
  const fixture = pathToFileURL(path.join(engine, 'voice', 'tiny-model.test.fixture.js')).href;
  const { writeTinyVoice } = (await import(fixture)) as TinyVoice;
  const staged = path.join(voices, '.staged-tiny');
  await writeTinyVoice(staged);
  await rename(staged, path.join(voices, 'tiny'));
};

beforeAll(async () => {
  voices = await mkdtemp(path.join(os.tmpdir(), 'chanjing-voices-'));
  await mkdir(voices, { recursive: true });
  server = await startTestServer({ 'voices-dir': voices }, ENGINE_PROGRAM);
});

afterAll(async () => {
  await server?.stop();
  if (process.platform === 'linux') expect(voicePrograms()).toEqual([]);
  await rm(voices, { recursive: true, force: true });
});

type Listed = { readonly id: string; readonly name: string; readonly audition: string };

const listed = async (): Promise<readonly Listed[]> =>
  (await server.app.call('listVoices', { page: 1, size: 100 })).data.list;

/** Reads a text aloud as a speech task and gives it when it is over. */
const spoken = async (voice: string, text: string): Promise<object> => {
  const request = { audio_man: voice, speed: 1, pitch: 1, text: { text } };
  const { data: task } = await server.app.call('createSpeech', request);
  return until(async () => {
    const { data } = await server.app.call('speechState', { task_id: task.task_id });
    return data.status === 9 && data;
  });
};

/** The programs of neural voices that this server started. */
const voicePrograms = (): readonly string[] =>
  readdirSync('/proc').filter((entry) => {
    try {
      return (
        readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes('speech-sherpa') &&
        readFileSync(`/proc/${entry}/environ`, 'utf8').includes(server.dataDir)
      );
    } catch {
      return false;
    }
  });

it('offers a voice that is installed while it runs at once, and no longer when it is removed', async () => {
  expect((await listed()).map(({ name }) => name)).not.toContain('Tiny');
  await installTinyVoice();
  const { id, name } = (await listed())[0]!;
  expect(name).toBe('Tiny');
  expect(await spoken(id, 'Hello world.')).toMatchObject({
    errMsg: '',
    subtitles: [{ subtitle: 'Hello world.' }],
  });
  await rename(path.join(voices, 'tiny'), path.join(voices, '.gone'));
  expect((await listed()).map(({ id: other }) => other)).not.toContain(id);
  await rename(path.join(voices, '.gone'), path.join(voices, 'tiny'));
});

it.runIf(process.platform === 'linux')('keeps the model loaded from one task to the next', async () => {
  const { id } = (await listed())[0]!;
  await spoken(id, 'Hello.');
  const programs = voicePrograms();
  expect(programs).toHaveLength(1);
  await spoken(id, 'World.');
  expect(voicePrograms()).toEqual(programs);
  // One that was killed is no harm to the next.
  process.kill(Number(programs[0]), 'SIGKILL');
  expect(await spoken(id, 'Hello, hello.')).toMatchObject({ errMsg: '' });
  expect(voicePrograms()).not.toEqual(programs);
});

it('lists an installed voice first, with a sample that can be heard', async () => {
  const list = await listed();
  expect(list[0]).toMatchObject({ name: 'Tiny', lang: 'en', gender: 'Female' });
  const sample = await fetch(list[0]!.audition);
  expect(sample.status).toBe(200);
  const wav = Buffer.from(await sample.arrayBuffer());
  expect(wav.subarray(0, 4).toString()).toBe('RIFF');
  expect(wav.readUInt32LE(24)).toBe(22_050);
  expect(list.map(({ id }) => id)).toContain(EXAMPLE_VOICE_ID);
});
