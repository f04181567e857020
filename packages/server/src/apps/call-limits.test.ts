import { CODE } from '@chanjing-avatar/protocol';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { embeddedConnection } from '../database/embedded-postgres.js';
import {
  exampleRequest,
  makeMedia,
  startTestServer,
  type TestServer,
  until,
} from '../testing/test-server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ 'creates-per-minute': '10', 'file-calls-per-minute': '30', renders: '1' });
});
afterAll(() => server?.stop());

it('allows 30 file calls and 10 creates a minute, then answers 40001 with Retry-After', async () => {
  const { app } = server;
  const { data } = await app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
  await fetch(data.sign_url, {
    method: 'PUT',
    headers: { 'content-type': data.mime_type },
    body: (await makeMedia('a.mp4')) as never,
  });
  const calls = Array.from({ length: 40 }, () => app.call('fileDetail', { id: data.file_id }));
  const codes = (await Promise.all(calls)).map((reply) => reply.code);
  expect(codes.filter((code) => code === 0)).toHaveLength(29);
  expect(codes.filter((code) => code === CODE.rateLimited)).toHaveLength(11);

  const database = new pg.Client(embeddedConnection(server.dataDir));
  await database.connect();
  await until(async () => (await database.query('select status from file')).rows[0].status === 2);
  await database.end();

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
