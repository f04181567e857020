import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenPool, openDatabase } from '../database/database.js';
import { newId } from '../identifiers.js';
import { usageOf } from '../renderer/process-usage.js';
import { type Running, startPostgres, startProgram } from '../testing/shared-parts.js';
import { until } from '../testing/test-server.js';
import { type JobQueue, startJobQueue } from './job-queue.js';

const TASKS = 1000;
const APPS = 20;
const WORKERS = 4;
/** Jobs that run at the same time, and those that were put in while others ran, may come in another order. */
const SLACK = 3;

let directory: string;
let postgres: Running & { readonly databaseUrl: string };
let database: OpenPool;
let jobs: JobQueue;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-workers-'));
  postgres = await startPostgres(directory);
  database = await openDatabase({ connectionString: postgres.databaseUrl }, () => {});
  jobs = await startJobQueue(database, () => {});
  await sql`create table started (number serial, job text)`.execute(database.db);
});
afterAll(async () => {
  await jobs?.stop();
  await database?.db.destroy();
  await postgres?.stop();
  await rm(directory, { recursive: true, force: true });
});

it('shares a thousand waiting tasks of twenty apps fairly over four workers, each once, and costs little', async () => {
  const { db } = database;
  const appOf = new Map<string, string>();
  // One app has half of all, and had them first.
  const wanted = [
    ...Array.from({ length: TASKS / 2 }, () => 'app-0'),
    ...Array.from({ length: TASKS / 2 }, (_, n) => `app-${1 + (n % (APPS - 1))}`),
  ];
  for (const appId of wanted) {
    const id = newId();
    appOf.set(id, appId);
    await db.transaction().execute((trx) => jobs.enqueue(trx, 'render', { id, appId, data: { id } }));
  }

  const databaseBefore = usageOf(postgres.child.pid!).cpuSeconds;
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, () => startProgram('queue-process', postgres.databaseUrl, 'started')),
  );
  const started = async (): Promise<string[]> =>
    (await sql<{ job: string }>`select job from started order by number`.execute(db)).rows.map(
      ({ job }) => job,
    );
  await until(async () => (await jobs.depths()).get('render')!.waiting === 0, 110);
  const costs = await Promise.all(
    workers.map(async (worker) => {
      const line = once(createInterface({ input: worker.child.stdout! }), 'line');
      worker.child.kill('SIGTERM');
      return Number(((await line) as [string])[0]);
    }),
  );
  const order = await started();
  expect(order).toHaveLength(TASKS);
  expect(new Set(order).size).toBe(TASKS);

  // While all apps have work, the n-th job of each comes in the n-th round.
  const seen = new Map<string, number>();
  const late = order.filter((job, position) => {
    const app = appOf.get(job)!;
    const turn = (seen.get(app) ?? 0) + 1;
    seen.set(app, turn);
    return app !== 'app-0' && position > (turn + SLACK) * APPS;
  });
  expect(late).toEqual([]);
  expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBe(TASKS);

  const databaseSeconds = usageOf(postgres.child.pid!).cpuSeconds - databaseBefore;
  const workerSeconds = costs.reduce((sum, seconds) => sum + seconds, 0);
  const costMs = ((databaseSeconds + workerSeconds) / TASKS) * 1000;
  console.log(
    `a task costs the queue ${costMs.toFixed(1)} ms of processor: workers ${((workerSeconds / TASKS) * 1000).toFixed(1)}, database ${((databaseSeconds / TASKS) * 1000).toFixed(1)}`,
  );
  expect(costMs).toBeLessThan(20);
});
