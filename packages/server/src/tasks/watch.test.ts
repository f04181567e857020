import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '../apps/apps.js';
import { newId } from '../identifiers.js';
import { type OpenDatabase, openServerDatabase } from '../open-database.js';
import { until } from '../testing/test-server.js';
import { followedTasks, progressView } from './followed-task.js';
import { watchTasks } from './watch.js';

let dataDir: string;
let database: OpenDatabase;

const OPEN_TASK = {
  video_file_id: newId(),
  audio_file_id: null,
  request: '{}',
  status: 10,
  video_key: null,
  cover_key: null,
  idempotency_key: null,
  request_hash: null,
  trace_id: newId(),
  base_url: '',
  ended_at: null,
};

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-watch-'));
  database = await openServerDatabase({ dataDir, databaseUrl: '' }, () => {});
});
afterAll(async () => {
  await database?.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('tells the stage of the work, and that a task waits again whose worker fell silent', async () => {
  const { db } = database;
  const id = newId();
  const app = await createApp(db, 'b');
  await db
    .insertInto('task')
    .values({ ...OPEN_TASK, id, app_id: app.id })
    .execute();
  const told = async () => progressView((await followedTasks(db, [id])).get(id)!);
  const put = (set: ReturnType<typeof sql>) => sql`update task set ${set} where id = ${id}`.execute(db);
  expect(await told()).toMatchObject({ stage: 'waiting', attempt: 0, seconds_left: null });
  await put(sql`status = 10, starts = 1, stage = 'render', stage_progress = 38, progress = 58,
    stage_at = now() - interval '10 seconds', worked_at = now()`);
  expect(await told()).toMatchObject({ stage: 'render', attempt: 1, seconds_left: 21 });
  await put(sql`worked_at = now() - interval '40 seconds'`);
  expect(await told()).toMatchObject({ stage: 'waiting', attempt: 1, seconds_left: null });
  await put(sql`status = 20`);
  expect(await told()).toMatchObject({ stage: '' });
});

it('tells a follower what changed since it looked, even when another one was told that before', async () => {
  const { db } = database;
  const app = await createApp(db, 'a');
  const id = newId();
  await db
    .insertInto('task')
    .values({ ...OPEN_TASK, id, app_id: app.id })
    .execute();
  const known = (await followedTasks(db, [id])).get(id)!;
  const watch = watchTasks({ db, log: pino({ level: 'silent' }) });
  const first: unknown[] = [];
  const second: unknown[] = [];
  watch.follow(id, known, (row) => first.push(row?.status));
  await db.updateTable('task').set({ status: 20 }).where('id', '=', id).execute();
  await until(async () => first.length > 0);
  watch.follow(id, known, (row) => second.push(row?.status));
  await until(async () => second.length > 0);
  watch.stop();
  expect([first, second]).toEqual([[20], [20]]);
});
