import { afterEach, expect, test } from 'vitest';
import { ThreadPool } from './thread-pool.js';

type Request = { readonly name: string; readonly milliseconds?: number };
type Reply = Request & { readonly thread: number; readonly nth: number };

/** Says which thread it is, and the how manieth of its jobs this was. */
const WORKER = `
  import { parentPort, threadId, workerData } from 'node:worker_threads';
  let nth = 0;
  parentPort.on('message', ({ name, milliseconds = 0 }) => {
    if (name === workerData.poison) throw new Error('poisoned');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    parentPort.postMessage({ name, thread: threadId, nth: nth++ });
  });`;

let pool: ThreadPool<Request, Reply> | undefined;
const start = (mostThreads: number): ThreadPool<Request, Reply> => {
  pool = new ThreadPool(
    new URL(`data:text/javascript,${encodeURIComponent(WORKER)}`),
    { poison: 'hemlock' },
    mostThreads,
  );
  return pool;
};
afterEach(() => pool?.close());

test('every job gets its own answer, and the work is shared', async () => {
  const jobs = Array.from({ length: 12 }, (_, k) => ({ name: `job ${k}`, milliseconds: 60 }));
  const threads = start(3);
  const replies = await Promise.all(jobs.map((job) => threads.run<Reply>(job)));
  expect(replies.map(({ name }) => name)).toEqual(jobs.map(({ name }) => name));
  expect(new Set(replies.map(({ thread }) => thread)).size).toBe(3);
});

test('ordered jobs stay in one thread and in order, ahead of the others', async () => {
  const threads = start(2);
  const others = Array.from({ length: 8 }, () => threads.run<Reply>({ name: 'other', milliseconds: 20 }));
  const replies = await Promise.all(
    ['a', 'b', 'c', 'd'].map((name) => threads.runInOrder<Reply>({ name, milliseconds: 5 })),
  );
  expect(new Set(replies.map(({ thread }) => thread)).size).toBe(1);
  const places = replies.map(({ nth }) => nth);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[3]).toBeLessThanOrEqual(5);
  await Promise.all(others);
});

test('a single job needs no second thread', async () => {
  const threads = start(2);
  const first = await threads.run<Reply>({ name: 'one' });
  expect((await threads.run<Reply>({ name: 'two' })).thread).toBe(first.thread);
});

test('what a thread fails with is thrown to all who wait, and to all who come later', async () => {
  const threads = start(2);
  const waiting = [{ name: 'hemlock' }, { name: 'tea' }, { name: 'water' }].map((job) => threads.run(job));
  const ends = await Promise.allSettled(waiting);
  expect(ends[0]).toMatchObject({ status: 'rejected', reason: { message: 'poisoned' } });
  await expect(threads.run({ name: 'late' })).rejects.toThrow('poisoned');
  await expect(threads.runInOrder({ name: 'late' })).rejects.toThrow('poisoned');
});

test('jobs that are not done fail when the pool is closed', async () => {
  const threads = start(1);
  const slow = threads.run({ name: 'slow', milliseconds: 60_000 });
  await threads.close();
  await expect(slow).rejects.toThrow('ended early');
});
