import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '../apps/apps.js';
import { newId } from '../identifiers.js';
import { type OpenDatabase, openServerDatabase } from '../open-database.js';
import { until } from '../testing/test-server.js';
import { tasksOf } from './task-reads.js';
import { watchTasks } from './watch.js';

let dataDir: string;
let database: OpenDatabase;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-watch-'));
  database = await openServerDatabase({ dataDir, databaseUrl: '' }, () => {});
});
afterAll(async () => {
  await database?.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('tells a follower what changed since it looked, even when another one was told that before', async () => {
  const { db } = database;
  const app = await createApp(db, 'a');
  const id = newId();
  await db
    .insertInto('task')
    .values({
      id,
      app_id: app.id,
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
    })
    .execute();
  const known = (await tasksOf(db, [id])).get(id)!;
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
