import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newId } from '../identifiers.js';
import type { OpenDatabase } from '../open-database.js';
import { openTestQueue, type TestQueue } from '../testing/test-queue.js';
import { until } from '../testing/test-server.js';
import type { Job, JobQueue } from './job-queue.js';

let queue: TestQueue;
let database: OpenDatabase;
let jobs: JobQueue;

beforeAll(async () => {
  queue = await openTestQueue();
  ({ database, jobs } = queue);
});
afterAll(() => queue?.close());
beforeEach(async () => {
  for (let job = await jobs.take('render', 100); job; job = await jobs.take('render', 100)) await finish(job);
});

const enqueue = async (appId: string, cost?: number): Promise<string> => {
  const id = newId();
  const job = { id, appId, data: { id }, ...(cost && { cost }) };
  await database.db.transaction().execute((trx) => jobs.enqueue(trx, 'render', job));
  return id;
};

const finish = (job: Job): Promise<boolean> =>
  database.db.transaction().execute((trx) => jobs.complete(trx, job));

const idOf = (job: Job | undefined): string | undefined => job?.data.id;

it('takes turns between apps, however much one of them has queued', async () => {
  const owner = new Map<string, string>();
  for (const app of ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'c']) owner.set(await enqueue(app), app);
  const order: string[] = [];
  for (let n = 0; n < 8; n += 1) order.push(owner.get(idOf(await jobs.take('render', 100))!)!);
  expect(order.slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
  expect(order.slice(3, 5).sort()).toEqual(['a', 'b']);
  expect(order.slice(5)).toEqual(['a', 'a', 'a']);
});

it('counts what jobs cost: a long one lets several short ones of others go before the next', async () => {
  const long = [await enqueue('long', 100), await enqueue('long', 100)];
  const short = [];
  for (let n = 0; n < 5; n += 1) short.push(await enqueue('short', 20));
  const order: string[] = [];
  for (let n = 0; n < 7; n += 1) order.push(idOf(await jobs.take('render', 100))!);
  expect(order[0]).toBe(long[0]);
  expect(order.slice(1, 6)).toEqual(short);
  expect(order[6]).toBe(long[1]);
});

it('goes on with work at its own turn, before what came later, and beside the jobs that its app may have', async () => {
  await enqueue('parted', 100);
  const first = (await jobs.take('render', 1))!;
  const [later, other] = [await enqueue('parted'), await enqueue('beside')];
  const parts = [newId(), newId()];
  await database.db.transaction().execute(async (trx) => {
    for (const id of parts) {
      await jobs.enqueue(trx, 'render', { id, appId: 'parted', data: { id }, turn: first.turn });
    }
  });
  const taken = [];
  for (let n = 0; n < 4; n += 1) taken.push(await jobs.take('render', 1));
  // Another app's first job has the same turn.
  expect(taken.slice(0, 3).map(idOf).sort()).toEqual([...parts, other].sort());
  // The app has its one job, which is not over.
  expect(taken[3]).toBeUndefined();
  expect(await finish(first)).toBe(true);
  const last = (await jobs.take('render', 1))!;
  expect(idOf(last)).toBe(later);
  for (const job of [...taken.slice(0, 3), last]) await finish(job!);
});

it('does not let jobs wait for a clock that was set back', async () => {
  const id = await enqueue('clock');
  await sql`update pgboss.job set start_after = now() + interval '1 hour' where data->>'id' = ${id}`.execute(
    database.db,
  );
  expect(await jobs.take('render', 100)).toBeUndefined();
  expect(idOf(await until(() => jobs.take('render', 100), 60))).toBe(id);
});

it('does not let an app that was idle catch up on the turns it missed', async () => {
  for (let n = 0; n < 6; n += 1) await enqueue('busy');
  for (let n = 0; n < 3; n += 1) await finish((await jobs.take('render', 100))!);
  const late = [await enqueue('late'), await enqueue('late'), await enqueue('late')];
  const next = [];
  for (let n = 0; n < 4; n += 1) next.push(idOf(await jobs.take('render', 100))!);
  expect(next.filter((id) => late.includes(id))).toHaveLength(2);
});

it('never has more than the allowed number of one app at once, whoever asks at the same time', async () => {
  for (let n = 0; n < 10; n += 1) await enqueue('greedy');
  const taken = await Promise.all(Array.from({ length: 10 }, () => jobs.take('render', 2)));
  expect(taken.filter(Boolean)).toHaveLength(2);
});

it('knows a row and its job together or not at all', async () => {
  const id = newId();
  const work = database.db.transaction().execute(async (trx) => {
    await jobs.enqueue(trx, 'render', { id, appId: 'a', data: { id } });
    throw new Error('changed my mind');
  });
  await expect(work).rejects.toThrow('changed my mind');
  expect(await jobs.take('render', 100)).toBeUndefined();
});

it('refuses whoever lost a claim: cancelled, or given to another attempt', async () => {
  const cancelled = await enqueue('a');
  const first = (await jobs.take('render', 100))!;
  expect(await jobs.touch(first)).toBe(true);
  await database.db.transaction().execute((trx) => jobs.cancel(trx, 'render', cancelled));
  expect(await jobs.touch(first)).toBe(false);
  expect(await finish(first)).toBe(false);

  await enqueue('a');
  const old = (await jobs.take('render', 100))!;
  await jobs.recover();
  let next: Job | undefined;
  while (next?.id !== old.id) {
    // Jobs that other tests left claimed come back too.
    if (next) await finish(next);
    next = await jobs.take('render', 100);
    expect(next).toBeDefined();
  }
  expect(next.attempt).toBe(old.attempt + 1);
  expect(await jobs.touch(old)).toBe(false);
  expect(await finish(old)).toBe(false);
  expect(await finish(next)).toBe(true);
});
