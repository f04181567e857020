import { CODE } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import { readSettings } from '../read-settings.js';
import {
  exampleRequest,
  makeMedia,
  type Reply,
  sqlIn,
  startTestServer,
  type TestServer,
  until,
} from '../testing/test-server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ 'creates-per-minute': '10', 'file-calls-per-minute': '30', renders: '1' });
});
afterAll(() => server?.stop());

it('allows 30 uploads and deletions a minute, and any number of questions how they are', async () => {
  const made = await withApps(server.settings, (apps) => apps.create('uploads'));
  const app = await server.login({ app_id: made.id, secret_key: made.secretKey });
  const upload = { service: 'lip_sync_video', name: '1.mp4' };
  const announced = await Promise.all(Array.from({ length: 29 }, () => app.call('createUploadUrl', upload)));
  const [{ data }] = announced as [Reply];
  expect(announced.map((reply) => reply.code)).toEqual(Array(29).fill(0));
  expect((await app.call('deleteFile', { id: data.file_id })).code).toBe(0);
  expect((await app.call('createUploadUrl', upload)).code).toBe(CODE.rateLimited);
  expect((await app.call('deleteFile', { id: data.file_id })).code).toBe(CODE.rateLimited);
  // Uploads are waited for by asking every few seconds, several at once.
  const asked = await Promise.all(
    Array.from({ length: 100 }, () => app.call('fileDetail', { id: data.file_id })),
  );
  expect(asked.every((reply) => reply.code === 0)).toBe(true);
});

it('allows 10 creates a minute, then answers 40001 with Retry-After', async () => {
  const { app } = server;
  const { data } = await app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
  await fetch(data.sign_url, {
    method: 'PUT',
    headers: { 'content-type': data.mime_type },
    body: (await makeMedia('a.mp4')) as never,
  });
  await until(async () => (await app.call('fileDetail', { id: data.file_id })).data.status === 2);

  const create = () =>
    fetch(`${server.url}/open/v1/video_lip_sync/create`, {
      method: 'POST',
      headers: { access_token: app.token },
      body: JSON.stringify({ ...exampleRequest(data.file_id), screen_width: 64, screen_height: 64 }),
    });
  for (let n = 0; n < 10; n += 1) expect(((await (await create()).json()) as { code: number }).code).toBe(0);
  const refused = await create();
  expect([refused.status, ((await refused.json()) as { code: number }).code]).toEqual([
    200,
    CODE.rateLimited,
  ]);
  const wait = Number(refused.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(40);
  expect(wait).toBeLessThanOrEqual(60);
});

it('allows speech 200 times a minute, apart from videos', async () => {
  const { settings } = readSettings({}, {});
  expect([settings.createsPerMinute, settings.speechCreatesPerMinute]).toEqual([10, 200]);
  const made = await withApps(server.settings, (apps) => apps.create('speech'));
  const app = await server.login({ app_id: made.id, secret_key: made.secretKey });
  const speech = { audio_man: 'en-1', text: { text: 'hello' } };
  const replies = await Promise.all(Array.from({ length: 12 }, () => app.call('createSpeech', speech)));
  expect(replies.map((reply) => reply.code)).toEqual(Array(12).fill(0));
});

it('does not keep callers waiting for a clock that was set back', async () => {
  const made = await withApps(server.settings, (apps) => apps.create('clock'));
  const app = await server.login({ app_id: made.id, secret_key: made.secretKey });
  const values = [`file ${made.id}`];
  const insert = `insert into recent_call (key, calls)
    values ($1, array(select now() + interval '1 hour' from generate_series(1, 30)))`;
  await sqlIn(server.dataDir, insert, values);
  const upload = { service: 'lip_sync_video', name: '1.mp4' };
  expect((await app.call('createUploadUrl', upload)).code).toBe(0);
});

it('slows down whoever guesses secrets, and never a right pair', async () => {
  const guess = (n: number) =>
    server.app.call('createToken', { app_id: server.credentials.app_id, secret_key: `guess ${n}` });
  const codes: number[] = [];
  for (let n = 0; n < 25; n += 1) codes.push((await guess(n)).code);
  expect(codes).toEqual([...Array(20).fill(CODE.parameter), ...Array(5).fill(CODE.rateLimited)]);
  expect((await server.app.call('createToken', server.credentials)).code).toBe(0);
});
