import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { retrySettle } from '../database/retry-while-away.js';
import type { Job, JobQueue, QueueName } from './job-queue.js';

export type Worker = {
  /** Looks for work now instead of at the next poll. */
  wake(): void;
  /** Aborts the job of this id, and those that do a part of the same work, if this process runs them. */
  abort(id: string): void;
  /** Takes no more work, waits `graceMs` for what runs, then aborts and puts back the rest. */
  stop(graceMs: number): Promise<void>;
  readonly running: number;
};

export type WorkerOptions = {
  readonly queue: QueueName;
  readonly jobs: JobQueue;
  readonly concurrency: number;
  readonly perApp: number;
  /**
   * Does the job and settles it (`jobs.complete` in a transaction of its own). When it throws, the job is tried again
   * later. It must end soon after `signal` aborts: the claim is lost, or the server stops.
   */
  readonly handle: (job: Job, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

const POLL_MS = 500;
const HEARTBEAT_MS = 3000;
/** By then the job has been given to another. */
const CUT_OFF_MS = 30_000;

/** Not known by the job's id alone: after a lapsed heartbeat this process may take a job again that it still runs. */
type Running = { readonly job: Job; readonly abort: AbortController; readonly end: Promise<void> };

/** Takes and does the jobs of one queue. */
export const startWorker = ({ queue, jobs, concurrency, perApp, handle, log }: WorkerOptions): Worker => {
  const running = new Set<Running>();
  let stopping = false;
  let taking: Promise<void> | undefined;
  let again = false;

  /** Aborts when the claim is lost, and when it must be, because nobody answers. Returns how to stop. */
  const keepClaim = (job: Job, abort: AbortController): (() => void) => {
    let heard = Date.now();
    let asking = false;
    const beat = async (): Promise<void> => {
      if (Date.now() - heard > CUT_OFF_MS) abort.abort(new Error('the database does not answer'));
      // A question that is not answered must not be asked again and again.
      if (asking) return;
      asking = true;
      const asked = Date.now();
      try {
        if (!(await jobs.touch(job))) abort.abort(new Error('the claim was lost'));
        heard = asked;
      } catch (error) {
        log.warn({ queue, job: job.id, error: String(error) }, 'heartbeat failed');
      } finally {
        asking = false;
      }
    };
    const timer = setInterval(() => void beat(), HEARTBEAT_MS);
    return () => clearInterval(timer);
  };

  const perform = async (job: Job, abort: AbortController): Promise<void> => {
    const letGo = keepClaim(job, abort);
    try {
      await handle(job, abort.signal);
    } catch (error) {
      log.warn({ queue, job: job.id, of: job.data.id, error: String(error) }, 'job will be tried again');
      await retrySettle(() => jobs.retry(job, String(error))).catch(() => {
        // The heartbeat lapses, and the job is taken again.
      });
    } finally {
      letGo();
    }
  };

  const begin = (job: Job): void => {
    const abort = new AbortController();
    const end = perform(job, abort).finally(() => {
      running.delete(attempt);
      void fill();
    });
    const attempt: Running = { job, abort, end };
    running.add(attempt);
  };

  const takeWhileFree = async (): Promise<void> => {
    do {
      again = false;
      while (!stopping && running.size < concurrency) {
        const job = await jobs.take(queue, perApp);
        if (!job) break;
        begin(job);
      }
    } while (again && !stopping);
  };

  const fill = (): Promise<void> => {
    again = true;
    taking ??= takeWhileFree()
      .catch((error) => log.warn({ queue, error: String(error) }, 'could not look for work'))
      .finally(() => {
        taking = undefined;
      });
    return taking;
  };

  const poll = setInterval(() => void fill(), POLL_MS);
  void fill();

  return {
    wake: () => void fill(),
    abort: (id) => {
      for (const { job, abort } of running) {
        if (job.id.replaceAll('-', '') === id || (job.queue === 'render' && job.data.id === id))
          abort.abort(new Error('cancelled'));
      }
    },
    stop: async (graceMs) => {
      stopping = true;
      clearInterval(poll);
      await taking;
      const ends = Promise.all([...running].map(({ end }) => end));
      await Promise.race([ends, sleep(graceMs, undefined, { ref: false })]);
      for (const { abort } of running) abort.abort(new Error('the server stops'));
      await Promise.all([...running].map(({ end }) => end));
    },
    get running() {
      return running.size;
    },
  };
};
