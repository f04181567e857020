import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Envelope, FileService, Task } from '@chanjing-avatar/protocol';
import { ENDPOINTS, type Endpoints, EXAMPLE_VOICE_ID } from '@chanjing-avatar/protocol';
import pg from 'pg';
import { runningConnection } from '../database/embedded-postgres.js';
import { readSettings } from '../read-settings.js';
import { type RunningServer, serve } from '../serve.js';
import type { Settings } from '../settings.js';
import { startServerProcess, startSharedParts } from './shared-parts.js';

const run = promisify(execFile);

/** The engine itself. */
export const ENGINE_PROGRAM: string = fileURLToPath(new URL('../renderer/program.js', import.meta.url));

export const STAND_IN_PROGRAM: string = fileURLToPath(new URL('stand-in-program.js', import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: replies are looked at field by field in tests
export type Reply = Envelope<any>;

/** Speaks to a server as one app. */
export type TestApp = {
  token: string;
  call(name: keyof Endpoints, parameters?: object, headers?: Record<string, string>): Promise<Reply>;
  /** Uploads bytes and waits until the check is over; gives the file's id. */
  upload(service: FileService, name: string, bytes: Uint8Array): Promise<string>;
  /** Polls until the task is over. */
  ended(id: string): Promise<Task>;
};

/** One statement in the database of a data directory, for what no caller of the API can bring about. */
export const sqlIn = async (
  dataDir: string,
  text: string,
  values: unknown[] = [],
): Promise<pg.QueryResult> => {
  const client = new pg.Client(runningConnection(dataDir));
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end();
  }
};

export type TestServer = {
  readonly url: string;
  /** What the URLs begin with that files are PUT to. */
  readonly uploadsUrl: string;
  readonly dataDir: string;
  readonly settings: Settings;
  readonly app: TestApp;
  readonly credentials: { app_id: string; secret_key: string };
  login(credentials: { app_id: string; secret_key: string }): Promise<TestApp>;
  restart(): Promise<void>;
  stop(): Promise<void>;
};

const query = (parameters: object): string =>
  new URLSearchParams(
    Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();

export const until = async <Result>(
  look: () => Promise<Result | undefined | false>,
  seconds = 60,
): Promise<Result> => {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`nothing after ${seconds} s`);
    await sleep(50);
  }
};

export const testApp = (urlOf: () => string, token: string): TestApp => {
  const call: TestApp['call'] = async (name, parameters = {}, headers = {}) => {
    const { method, path: route } = ENDPOINTS[name];
    const get = method === 'GET';
    const answer = await fetch(`${urlOf()}${route}${get ? `?${query(parameters)}` : ''}`, {
      method,
      headers: { access_token: token, ...(get ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(get ? {} : { body: JSON.stringify(parameters) }),
    });
    return (await answer.json()) as Reply;
  };
  return {
    token,
    call,
    upload: async (service, name, bytes) => {
      const { data } = await call('createUploadUrl', { service, name });
      const put = await fetch(data.sign_url, {
        method: 'PUT',
        headers: { 'content-type': data.mime_type },
        body: bytes as Uint8Array<ArrayBuffer>,
      });
      if (put.status !== 200) throw new Error(await put.text());
      await until(async () => (await call('fileDetail', { id: data.file_id })).data.status !== 0);
      return data.file_id;
    },
    ended: (id) =>
      until(async () => {
        const { data } = await call('taskDetail', { id });
        return data.status >= 20 && data;
      }, 115),
  };
};

type Flags = Record<string, string>;
type Start = {
  readonly flags: Flags;
  readonly uploadsUrl?: string;
  start(): Promise<Started>;
  end(): Promise<void>;
};
type Started = Pick<RunningServer, 'url' | 'firstApp' | 'stop'>;

/** A process that takes the calls and one that does the work, beside a database and an S3. */
const apart = async (flags: Flags, program: string): Promise<Start> => {
  const parts = await startSharedParts();
  const all = { ...flags, ...parts.flags };
  const { 'metrics-address': _, ...workerFlags } = all;
  const dataDir = path.join(flags['data-dir']!, 'worker');
  const start = async (): Promise<Started> => {
    const api = await startServerProcess({ ...all, role: 'api' }, program);
    const worker = await startServerProcess({ ...workerFlags, 'data-dir': dataDir, role: 'worker' }, program);
    const stop = async (): Promise<void> => void (await Promise.all([api.stop(), worker.stop()]));
    return { url: api.url, firstApp: api.firstApp, stop };
  };
  return { flags: all, start, uploadsUrl: parts.flags['s3-endpoint']!, end: parts.stop };
};

const together = (flags: Flags, program: string): Start => ({
  flags,
  start: () => serve({ settings: readSettings(flags, {}).settings, program }),
  end: async () => {},
});

/**
 * A server on a fresh data directory, with limits out of the way unless `flags` say otherwise. Where TEST_ROLES is
 * `apart` it is several processes.
 */
export const startTestServer = async (
  flags: Record<string, string> = {},
  program: string = STAND_IN_PROGRAM,
): Promise<TestServer> => {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-test-'));
  const given = {
    'data-dir': dataDir,
    port: '0',
    'log-level': 'silent',
    'creates-per-minute': '10000',
    'speech-creates-per-minute': '10000',
    'file-calls-per-minute': '10000',
    'stop-seconds': '0',
    ...flags,
  };
  const roles = process.env.TEST_ROLES === 'apart' ? await apart(given, program) : together(given, program);
  let server = await roles.start();
  const { id, secretKey } = server.firstApp!;
  const credentials = { app_id: id, secret_key: secretKey };
  const login: TestServer['login'] = async (pair) => {
    const { data } = await testApp(() => server.url, '').call('createToken', pair);
    return testApp(() => server.url, data.access_token);
  };
  return {
    get url() {
      return server.url;
    },
    get uploadsUrl() {
      return roles.uploadsUrl ?? server.url;
    },
    dataDir,
    settings: readSettings(roles.flags, {}).settings,
    credentials,
    app: await login(credentials),
    login,
    restart: async () => {
      await server.stop();
      server = await roles.start();
    },
    stop: async () => {
      await server.stop();
      await roles.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/** A second of a test picture, and of a tone, as files of these kinds. */
export const makeMedia = async (
  name: 'a.mp4' | 'a.mov' | 'a.webm' | 'a.wav' | 'a.mp3' | 'a.m4a',
): Promise<Buffer> => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-media-'));
  const file = path.join(directory, name);
  const video = /mp4|mov|webm/.test(name);
  const source = video ? 'testsrc=size=160x120:rate=25:duration=1' : 'sine=440:duration=1';
  await run('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    source,
    ...(video ? ['-pix_fmt', 'yuv420p'] : []),
    file,
  ]);
  const bytes = await readFile(file);
  await rm(directory, { recursive: true });
  return bytes;
};

/** The seeds' example request but for the file. */
export const exampleRequest = (videoFileId: string): Record<string, unknown> => ({
  video_file_id: videoFileId,
  screen_width: 1080,
  screen_height: 1920,
  model: 0,
  audio_type: 'tts',
  tts_config: {
    text: '君不见黄河之水天上来，奔流到海不复回。',
    audio_man_id: EXAMPLE_VOICE_ID,
    speed: 1,
    pitch: 1,
  },
});
