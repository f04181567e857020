import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from './database.js';

/** An embedded database that died is back within this time; a caller may be kept waiting for it. */
const READ_RETRY_MS = 5000;
/** Work that took minutes is worth waiting longer for. */
const SETTLE_RETRY_MS = 120_000;
const PAUSE_MS = 100;

/** PostgreSQL ended one of two transactions that waited for each other; nothing of it was written. */
const isDeadlock = (error: unknown): boolean => (error as { code?: string }).code === '40P01';

const retryWhileAway = async <Result>(work: () => Promise<Result>, retryMs: number): Promise<Result> => {
  const end = Date.now() + retryMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(isDatabaseAway(error) || isDeadlock(error)) || Date.now() > end) throw error;
      await sleep(PAUSE_MS);
    }
  }
};

/** Reads again while the database is away. Not for writes: whether they happened is not known. */
export const retryRead = <Result>(read: () => Promise<Result>): Promise<Result> =>
  retryWhileAway(read, READ_RETRY_MS);

/**
 * Settles a job again while the database is away, and after a deadlock (runs of one task that fail together). The claim
 * of the job lets it happen once.
 */
export const retrySettle = <Result>(settle: () => Promise<Result>): Promise<Result> =>
  retryWhileAway(settle, SETTLE_RETRY_MS);
