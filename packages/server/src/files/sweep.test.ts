import { existsSync, mkdirSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CODE } from '@chanjing-avatar/protocol';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runningConnection } from '../database/embedded-postgres.js';
import {
  exampleRequest,
  makeMedia,
  sqlIn,
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

const age = (table: string, column: string, id: string): Promise<unknown> =>
  sqlIn(server.dataDir, `update ${table} set ${column} = now() - interval '31 days' where id = $1`, [id]);

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
  await until(
    async () => !readdirSync(path.join(server.dataDir, 'face-tracks')).some((name) => name.startsWith(old)),
  );
  expect((await app.call('taskDetail', { id: done })).msg).toContain('no such task');
  expect((await fetch(task.video_url.replace(/^http:\/\/[^/]+/, server.url))).status).toBe(404);
  expect((await app.call('createTask', exampleRequest(old))).msg).toContain('purged');
  await app.call('cancelTask', { id: hanging });
});

it('removes after the start what a killed server had let go of but not removed yet', async () => {
  const app = await server.login(server.credentials);
  const id = await app.upload('lip_sync_video', 'gone.mp4', await makeMedia('a.mp4'));
  const tracks = (): string[] => readdirSync(path.join(server.dataDir, 'face-tracks'));
  // What a delete commits before it touches the disk.
  await sqlIn(server.dataDir, 'update file set status = 99 where id = $1', [id]);
  await sqlIn(server.dataDir, 'insert into doomed_object values ($1)', [`uploads/${id}.mp4`]);
  expect(objects()).toContain(`${id}.mp4`);
  await server.restart();
  await until(async () => !objects().includes(`${id}.mp4`) && !tracks().some((name) => name.startsWith(id)));
  const { rows } = await sqlIn(server.dataDir, 'select * from doomed_object');
  expect(rows).toEqual([]);
});

it('removes results that no task names, once they are a day old', async () => {
  const app = await server.login(server.credentials);
  const id = await app.upload('lip_sync_video', 'a.mp4', await makeMedia('a.mp4'));
  const task = await app.ended((await app.call('createTask', exampleRequest(id))).data);
  const folder = path.join(server.dataDir, 'objects', 'lip-sync', '7');
  mkdirSync(folder, { recursive: true });
  const [old, fresh] = [path.join(folder, `${task.id}.mp4`), path.join(folder, `${id}.jpg`)];
  for (const file of [old, fresh]) writeFileSync(file, 'made by a server that had lost its claim');
  const result = path.join(server.dataDir, 'objects', 'lip-sync', '1', `${task.id}.mp4`);
  for (const file of [old, result]) utimesSync(file, 1_700_000_000, 1_700_000_000);
  await server.restart();
  await until(async () => !existsSync(old));
  expect([existsSync(fresh), existsSync(result)]).toEqual([true, true]);
});

it('keeps face tracks within their budget: the longest unused go first, never those of a running task', async () => {
  const app = await server.login(server.credentials);
  const names = ['running.mp4', 'oldest.mp4', 'older.mp4', 'newest.mp4'];
  const media = await makeMedia('a.mp4');
  const ids: string[] = [];
  for (const name of names) ids.push(await app.upload('lip_sync_video', name, media));
  const [running, oldest, older, newest] = ids as [string, string, string, string];
  const directory = path.join(server.dataDir, 'face-tracks');
  const folderOf = (id: string): string => readdirSync(directory).find((name) => name.startsWith(id))!;
  for (const [index, id] of ids.entries()) {
    const folder = path.join(directory, folderOf(id));
    const track = path.join(folder, 'a.face');
    writeFileSync(track, '');
    // Sparse: large to look at, without taking the room.
    truncateSync(track, 4e9);
    for (const entry of [track, folder]) utimesSync(entry, 1_700_000_000 + index, 1_700_000_000 + index);
  }
  const request = { ...exampleRequest(running), tts_config: { text: 'hang', audio_man_id: 'en-1' } };
  const task = (await app.call('createTask', request)).data;
  // Stopping puts the task back, and the first sweep may come before its render begins again.
  await sqlIn(server.dataDir, 'update task set status = 10 where id = $1', [task]);
  await server.restart();
  await until(async () => folderOf(oldest) === undefined && folderOf(older) === undefined);
  expect([folderOf(running), folderOf(newest)]).not.toContain(undefined);
  await (await server.login(server.credentials)).call('cancelTask', { id: task });
});

it('lets no task begin on a file that is being purged at that moment', async () => {
  const app = await server.login(server.credentials);
  const id = await app.upload('lip_sync_video', 'late.mp4', await makeMedia('a.mp4'));
  const purge = new pg.Client(runningConnection(server.dataDir));
  await purge.connect();
  await purge.query('begin');
  await purge.query('update file set status = 100 where id = $1', [id]);
  const creating = app.call('createTask', exampleRequest(id));
  await until(async () => {
    const waiting =
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%for share%'";
    return (await sqlIn(server.dataDir, waiting)).rowCount === 1;
  });
  await purge.query('commit');
  await purge.end();
  expect(await creating).toMatchObject({
    code: CODE.parameter,
    msg: expect.stringContaining('just removed'),
  });
});
