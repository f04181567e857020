import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database/database.js';
import { newId } from '../identifiers.js';
import { openTestQueue, type TestQueue } from '../testing/test-queue.js';
import type { Job } from './job-queue.js';
import { type Duty, performJob } from './perform-job.js';

let queue: TestQueue;

beforeAll(async () => {
  queue = await openTestQueue();
});
afterAll(() => queue?.close());

const newJob = async (): Promise<Job> => {
  const { jobs, database } = queue;
  const id = newId();
  await database.db
    .transaction()
    .execute((trx) => jobs.enqueue(trx, 'render', { id, appId: 'a', data: { id } }));
  return (await jobs.take('render', 100))!;
};

const stateOf = async (job: Job): Promise<string> => {
  const { rows } = await queue.database.pool.query('select state from pgboss.job where id = $1', [job.id]);
  return rows[0].state;
};

/** A duty that notes what is asked of it. */
const noting = (changes: Partial<Duty<string, string>> = {}) => {
  const steps: string[] = [];
  const duty: Duty<string, string> = {
    begin: async () => 'row',
    work: async () => 'done',
    endAfterFailure: async (_row, failure) => `failed: ${(failure as Error).message}`,
    settle: async (_trx, _row, end) => steps.push(`settle ${end}`) > 0,
    discard: async (_row, end) => void steps.push(`discard ${end}`),
    ...changes,
  };
  return { steps, duty };
};

const perform = async (
  duty: Duty<string, string>,
  job: Job,
  db: Database = queue.database.db,
  abort = new AbortController(),
) => performJob({ db, jobs: queue.jobs }, job, abort.signal, duty);

it('ends work and job together, work that failed too', async () => {
  const fails = async (): Promise<string> => {
    throw new Error('no face');
  };
  for (const [changes, end] of [
    [{}, 'settle done'],
    [{ work: fails }, 'settle failed: no face'],
  ] as const) {
    const job = await newJob();
    const { steps, duty } = noting(changes);
    await perform(duty, job);
    expect([steps, await stateOf(job)]).toEqual([[end], 'completed']);
  }
});

it('does nothing but end the job of work that is over', async () => {
  const job = await newJob();
  const { steps, duty } = noting({ begin: async () => undefined });
  await perform(duty, job);
  expect([steps, await stateOf(job)]).toEqual([[], 'completed']);
});

it('puts a job back whose work was stopped, and leaves the rest to the next attempt', async () => {
  const job = await newJob();
  const abort = new AbortController();
  const { steps, duty } = noting({
    work: async () => {
      abort.abort(new Error('the server stops'));
      throw abort.signal.reason;
    },
  });
  await perform(duty, job, queue.database.db, abort);
  expect([steps, await stateOf(job)]).toEqual([[], 'retry']);
});

it('writes nothing once its claim is lost, and removes what it published', async () => {
  const job = await newJob();
  const { steps, duty } = noting({
    work: async () => {
      await queue.database.db.transaction().execute((trx) => queue.jobs.cancel(trx, 'render', job.data.id));
      return 'done';
    },
  });
  await perform(duty, job);
  expect([steps, await stateOf(job)]).toEqual([['discard done'], 'cancelled']);
});

it('begins nothing once its claim is lost', async () => {
  const job = await newJob();
  const { steps, duty } = noting({ begin: async () => String(steps.push('begin')) });
  await queue.jobs.retry(job, 'taken over');
  await perform(duty, job);
  expect([steps, await stateOf(job)]).toEqual([[], 'retry']);
});

it('writes the end once when the answer to its commit is cut off', async () => {
  const job = await newJob();
  let commits = 0;
  const cutting = {
    transaction: () => ({
      execute: async (work: (trx: Database) => Promise<unknown>) => {
        const result = await queue.database.db.transaction().execute(work);
        commits += 1;
        // The first one begins the work.
        if (commits === 2) throw new Error('Connection terminated unexpectedly');
        return result;
      },
    }),
  } as unknown as Database;
  const { steps, duty } = noting();
  await perform(duty, job, cutting);
  // The duty finds its end written, and keeps what it published.
  expect([steps, await stateOf(job)]).toEqual([['settle done', 'discard done'], 'completed']);
});
