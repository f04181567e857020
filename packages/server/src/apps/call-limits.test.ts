import { CODE } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import {
  exampleRequest,
  makeMedia,
  type Reply,
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
