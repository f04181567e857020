import type { Database } from '../database/database.js';
import { retrySettle } from '../database/retry-while-away.js';
import type { Services } from '../services.js';
import type { Job } from './job-queue.js';

/** What one kind of job is about: `Row` is the row of its work, `End` how that ended. */
export type Duty<Row, End> = {
  /** Marks the work as begun. Undefined when it is over or gone; the job is then just done. */
  begin(trx: Database, job: Job): Promise<Row | undefined>;
  /** Does the work. What it publishes has a name of its own, so that no other attempt can replace it. */
  work(row: Row, job: Job, signal: AbortSignal): Promise<End>;
  /** The end of work that failed. Throws when it should be tried again. */
  endAfterFailure(row: Row, failure: unknown): Promise<End>;
  /** Writes the end, in the transaction that completes the job. False when the work was over already. */
  settle(trx: Database, row: Row, end: End, job: Job): Promise<boolean>;
  /** Removes what was published for an end that was not written, unless it was after all. */
  discard?(row: Row, end: End): Promise<void>;
};

class LostClaim extends Error {}

/** Work in one transaction with what is done to the job; undefined, and nothing written, when the claim was lost. */
const whileClaimed = async <Result>(
  db: Database,
  claim: (trx: Database) => Promise<boolean>,
  work: (trx: Database) => Promise<Result>,
): Promise<Result | undefined> => {
  try {
    return await db.transaction().execute(async (trx) => {
      if (!(await claim(trx))) throw new LostClaim();
      return work(trx);
    });
  } catch (error) {
    if (error instanceof LostClaim) return undefined;
    throw error;
  }
};

/**
 * Begins, does and ends a claimed job. A kill at any moment leaves it to be begun again; a claim that was lost writes
 * nothing. The answer to a commit may be cut off: the end is then settled again, finds its job done, and only what is
 * sure not to have been written is discarded.
 */
export const performJob = async <Row, End>(
  services: Pick<Services, 'db' | 'jobs'>,
  job: Job,
  signal: AbortSignal,
  duty: Duty<Row, End>,
): Promise<void> => {
  const { db, jobs } = services;
  const row = await whileClaimed(
    db,
    (trx) => jobs.hold(trx, job),
    (trx) => duty.begin(trx, job),
  );
  if (row === undefined) {
    await db.transaction().execute((trx) => jobs.complete(trx, job));
    return;
  }
  let end: End;
  try {
    end = await duty.work(row, job, signal);
  } catch (failure) {
    // Cancelled, taken over, or the server stops: in the last case the job goes back to the queue.
    if (signal.aborted) return jobs.retry(job, String(signal.reason));
    end = await duty.endAfterFailure(row, failure);
  }
  const settled = await retrySettle(() =>
    whileClaimed(
      db,
      (trx) => jobs.complete(trx, job),
      (trx) => duty.settle(trx, row, end, job),
    ),
  );
  if (!settled) await retrySettle(async () => duty.discard?.(row, end));
};
