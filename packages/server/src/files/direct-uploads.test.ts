import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CODE } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import { readSettings } from '../read-settings.js';
import { type RunningServer, serve } from '../serve.js';
import type { Settings } from '../settings.js';
import { type SharedParts, startSharedParts } from '../testing/shared-parts.js';
import {
  exampleRequest,
  makeMedia,
  STAND_IN_PROGRAM,
  type TestApp,
  testApp,
  until,
} from '../testing/test-server.js';

let dataDir: string;
let parts: SharedParts;
let settings: Settings;
let server: RunningServer;
let appId: string;
let app: TestApp;
let movie: Buffer;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-direct-'));
  parts = await startSharedParts();
  const flags = {
    ...parts.flags,
    ...{ 'data-dir': dataDir, port: '0', 'log-level': 'silent', 'stop-seconds': '0' },
    ...{ 'file-calls-per-minute': '1000', 'max-upload-bytes': '1000000' },
  };
  ({ settings } = readSettings(flags, {}));
  server = await serve({ settings, program: STAND_IN_PROGRAM });
  const { id, secretKey } = server.firstApp!;
  appId = id;
  const { data } = await testApp(() => server.url, '').call('createToken', {
    app_id: id,
    secret_key: secretKey,
  });
  app = testApp(() => server.url, data.access_token);
  movie = await makeMedia('a.mp4');
});
afterAll(async () => {
  await server?.stop();
  await parts?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

type Announced = { sign_url: string; mime_type: string; file_id: string; full_path: string };

const announce = async (): Promise<Announced> =>
  (await app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' })).data;

const put = (file: Announced, bytes: Uint8Array, type = file.mime_type): Promise<Response> =>
  fetch(file.sign_url, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: bytes as Uint8Array<ArrayBuffer>,
  });

const detail = async (id: string) => (await app.call('fileDetail', { id })).data;
const checked = (id: string) => until(async () => (await detail(id)).status !== 0 && detail(id));

const refused = async (bytes: Uint8Array, type?: string): Promise<string> => {
  const file = await announce();
  expect((await put(file, bytes, type)).status).toBe(200);
  const { status, msg, size } = await detail(file.file_id);
  expect([status, size]).toEqual([98, 0]);
  // Nobody keeps what was refused.
  expect((await fetch(file.full_path)).status).toBe(404);
  // Others may still come.
  expect((await put(file, movie)).status).toBe(200);
  expect(await checked(file.file_id)).toMatchObject({ status: 2, size: movie.length, msg: '' });
  return msg;
};

it('finds an upload when it is asked for, and keeps its bytes whatever comes later', async () => {
  const file = await announce();
  expect(new URL(file.sign_url).origin).toBe(settings.s3Endpoint);
  expect((await detail(file.file_id)).status).toBe(0);
  expect((await put(file, movie)).status).toBe(200);
  expect(await checked(file.file_id)).toMatchObject({ status: 2, size: movie.length });
  expect((await put(file, Buffer.from('other bytes'))).status).toBe(200);
  expect((await detail(file.file_id)).status).toBe(2);
  const kept = await fetch(file.full_path);
  expect(Buffer.from(await kept.arrayBuffer()).equals(movie)).toBe(true);
});

it('finds an upload when a task wants it', async () => {
  const file = await announce();
  await put(file, movie);
  const create = () => app.call('createTask', exampleRequest(file.file_id));
  expect((await create()).msg).toMatch(/is ready|still being checked/);
  const task = await until(async () => {
    const { code, data } = await create();
    return code === 0 && data;
  });
  expect((await app.ended(task)).status).toBe(20);
});

it('refuses what is too large, of another type, or over the quota', async () => {
  expect(await refused(Buffer.alloc(1_000_001))).toContain('larger than 1000000 bytes');
  // The S3 of the tests does not look at the type itself.
  if (!process.env.S3_TEST_ENDPOINT)
    expect(await refused(movie, 'text/html')).toContain('Content-Type text/html');
  const quota = { storageBytes: 10_000 };
  await withApps(settings, (apps) => apps.setQuotas(appId, quota));
  const file = await app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
  expect(file.code).toBe(CODE.quotaReached);
  await withApps(settings, (apps) => apps.setQuotas(appId, { storageBytes: null }));
  const announced = await announce();
  await withApps(settings, (apps) => apps.setQuotas(appId, quota));
  await put(announced, movie);
  expect(await detail(announced.file_id)).toMatchObject({
    status: 98,
    msg: expect.stringContaining('more do not fit'),
  });
  await withApps(settings, (apps) => apps.setQuotas(appId, { storageBytes: null }));
});

it('sends readers to the storage, which answers them in parts too', async () => {
  const file = await announce();
  await put(file, movie);
  await checked(file.file_id);
  const sent = await fetch(file.full_path, { redirect: 'manual' });
  expect([sent.status, new URL(sent.headers.get('location')!).origin]).toEqual([302, settings.s3Endpoint]);
  const head = await fetch(file.full_path, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(movie.length)]);
  const part = await fetch(file.full_path, { headers: { range: 'bytes=4-7' } });
  expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
  expect((await fetch(file.full_path.replace('/uploads/', '/lip-sync/'))).status).toBe(404);
});

it('lets go of the bytes of a file that is deleted', async () => {
  const file = await announce();
  await put(file, movie);
  await checked(file.file_id);
  await app.call('deleteFile', { id: file.file_id });
  expect((await fetch(file.full_path)).status).toBe(404);
});

it('is beside others that share, and not beside one that keeps files to itself', async () => {
  const alone = {
    ...settings,
    s3Bucket: '',
    s3Endpoint: '',
    s3Prefix: '',
    s3AccessKeyId: '',
    s3SecretAccessKey: '',
  };
  const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'chanjing-alone-'));
  await expect(serve({ settings: { ...alone, dataDir: elsewhere } })).rejects.toThrow(
    'Another chanjing-avatar server uses this database.',
  );
  await rm(elsewhere, { recursive: true });
});
