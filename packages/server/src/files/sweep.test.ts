import { readdirSync } from 'node:fs';
import path from 'node:path';
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
  server = await startTestServer({ 'file-ready-status': '1' });
});
afterAll(() => server?.stop());

const objects = (): string[] =>
  readdirSync(path.join(server.dataDir, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

const age = async (table: string, column: string, id: string): Promise<void> => {
  const client = new pg.Client(embeddedConnection(server.dataDir));
  await client.connect();
  await client.query(`update ${table} set ${column} = now() - interval '31 days' where id = $1`, [id]);
  await client.end();
};

it('purges files after 30 days with everything derived from them, but not under a waiting task', async () => {
  const media = await makeMedia('a.mp4');
  const old = await server.app.upload('lip_sync_video', 'old.mp4', media);
  const used = await server.app.upload('lip_sync_video', 'used.mp4', media);
  const fresh = await server.app.upload('lip_sync_video', 'fresh.mp4', media);
  const small = { screen_width: 64, screen_height: 64 };
  const done = (await server.app.call('createTask', { ...exampleRequest(old), ...small })).data;
  const task = await server.app.ended(done);
  const request = { ...exampleRequest(used), ...small, tts_config: { text: 'hang', audio_man_id: 'en-1' } };
  const hanging = (await server.app.call('createTask', request)).data;
  await age('file', 'created_at', old);
  await age('file', 'created_at', used);
  await age('task', 'ended_at', done);
  await server.restart();
  const app = await server.login(server.credentials);
  const statusOf = async (id: string) => (await app.call('fileDetail', { id })).data.status;
  await until(async () => (await statusOf(old)) === 100);
  expect([await statusOf(used), await statusOf(fresh)]).toEqual([1, 1]);
  await until(async () => objects().length === 2);
  expect(objects().sort()).toEqual([`${fresh}.mp4`, `${used}.mp4`].sort());
  expect(readdirSync(path.join(server.dataDir, 'face-tracks')).some((name) => name.startsWith(old))).toBe(
    false,
  );
  expect((await app.call('taskDetail', { id: done })).msg).toContain('no such task');
  expect((await fetch(task.video_url.replace(/^http:\/\/[^/]+/, server.url))).status).toBe(404);
  expect((await app.call('createTask', exampleRequest(old))).msg).toContain('purged');
  await app.call('cancelTask', { id: hanging });
});
