import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../identifiers.js';
import type { OpenDatabase } from '../open-database.js';
import { openTestQueue, type TestQueue } from '../testing/test-queue.js';
import { until } from '../testing/test-server.js';
import type { Job, JobQueue } from './job-queue.js';
import { startWorker } from './worker.js';

let queue: TestQueue;
let database: OpenDatabase;
let jobs: JobQueue;

beforeAll(async () => {
  queue = await openTestQueue();
  ({ database, jobs } = queue);
});
afterAll(() => queue?.close());

it('keeps hold of a job that it took again while its own earlier attempt still ran', async () => {
  const id = newId();
  await database.db
    .transaction()
    .execute((trx) => jobs.enqueue(trx, 'render', { id, appId: 'a', data: { id } }));
  const attempts: { job: Job; signal: AbortSignal; finish(): void }[] = [];
  const worker = startWorker({
    queue: 'render',
    jobs,
    concurrency: 2,
    perApp: 2,
    log: pino({ level: 'silent' }),
    handle: (job, signal) => new Promise((finish) => attempts.push({ job, signal, finish })),
  });
  await until(async () => attempts.length === 1);
  // What a heartbeat that came too late leads to.
  await jobs.recover();
  worker.wake();
  await until(async () => attempts.length === 2);
  const [old, current] = attempts as [(typeof attempts)[0], (typeof attempts)[0]];
  expect(current.job).toMatchObject({ id: old.job.id, attempt: old.job.attempt + 1 });

  old.finish();
  await until(async () => worker.running < 2);
  expect(worker.running).toBe(1);
  worker.abort(id);
  expect(current.signal.aborted).toBe(true);
  current.finish();
  await worker.stop(0);
  expect(worker.running).toBe(0);
});
