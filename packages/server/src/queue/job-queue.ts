import { sql } from 'kysely';
import { fromKysely, PgBoss } from 'pg-boss';
import type { Database, OpenPool } from '../database/database.js';
import { nextTurn, passTurn } from './fair-turn.js';

/** What there is to do in the background. */
export const QUEUES = ['check', 'render', 'speak', 'callback'] as const;
export type QueueName = (typeof QUEUES)[number];

/** A claimed piece of work. `attempt` fences it: a claim that lapsed cannot settle a newer one. */
export type Job = {
  readonly queue: QueueName;
  readonly id: string;
  readonly attempt: number;
  readonly data: JobData;
  /** Place in the fair order, to be handed on to jobs that go on with the same work. */
  readonly turn: number;
};

type JobData = {
  readonly id: string;
  readonly number?: number;
  /** Of a task that is made in segments: the run of them, or their end. */
  readonly run?: number;
  readonly finish?: boolean;
};

type NewJob = {
  /** uuid (with or without dashes); a second job with the same id is not made. */
  readonly id: string;
  readonly appId: string;
  readonly data: Job['data'];
  readonly delaySeconds?: number;
  /**
   * Goes on with work that was queued at this turn: it is its turn already, it costs nothing more, and it does not count
   * as another job of its app.
   */
  readonly turn?: number;
  /** How much of the machine it takes beside other jobs of its queue, whole and at least 1 (the default). */
  readonly cost?: number;
};

type QueueDepth = {
  readonly waiting: number;
  readonly running: number;
  readonly oldestSeconds: number;
};

const EMPTY: QueueDepth = { waiting: 0, running: 0, oldestSeconds: 0 };

/** What the server asks of a queue; pg-boss does it. */
export type JobQueue = {
  /** In the caller's transaction, so that a row and its job exist together or not at all. */
  enqueue(trx: Database, queue: QueueName, job: NewJob): Promise<void>;
  /** Claims the next job: fair between apps, at most `perApp` of one app at a time. */
  take(queue: QueueName, perApp: number): Promise<Job | undefined>;
  /** Says that the worker lives. False when the claim is lost (cancelled, or given to another). */
  touch(job: Job): Promise<boolean>;
  /** The same in the caller's transaction: until it ends, nobody else can have the job. */
  hold(trx: Database, job: Job): Promise<boolean>;
  /** In the caller's transaction. False when the claim was lost; the caller must roll back. */
  complete(trx: Database, job: Job): Promise<boolean>;
  /** Puts the job back, to be tried again after a growing pause. */
  retry(job: Job, reason: string): Promise<void>;
  cancel(trx: Database, queue: QueueName, id: string): Promise<void>;
  /** How many jobs wait and run, and how long the one that waits longest could have begun, in seconds. */
  depths(): Promise<ReadonlyMap<QueueName, QueueDepth>>;
  /** Puts back the claims of a server that is gone, to be taken at once. No other server may share the database. */
  recover(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Retries are counted in the rows of the work (`failures`, `starts`), which also decide when to give up; the queue
 * itself never gives up, so no work can end without its row being told.
 */
const QUEUE_OPTIONS = {
  retryLimit: 10_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 30,
  heartbeatSeconds: 15,
  expireInSeconds: 12 * 3600,
  retentionSeconds: 90 * 86_400,
  deleteAfterSeconds: 3600,
};

/** Longest pause before a job of these queues is tried again; only callbacks wait longer, on purpose. */
const LONGEST_PAUSE_SECONDS = 60;
const PROMPT_QUEUES: readonly QueueName[] = ['check', 'render', 'speak'];
const CLOCK_CHECK_MS = 15_000;

/** Any number that no other lock has. */
const START_LOCK = 7_236_150_418;
/** First half of the advisory lock that makes fetches of one queue wait for each other. */
const FETCH_LOCK = 4242;

type SettleReply = { settled?: string[] };

/** Job ids are uuids; row ids are the same without dashes. */
const asUuid = (id: string): string => id.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, '$1-$2-$3-$4-$5');

/** Servers that start at the same time would make the same tables. */
const inTurn = <Result>(db: Database, work: () => Promise<Result>): Promise<Result> =>
  db.connection().execute(async (session) => {
    await sql`select pg_advisory_lock(${START_LOCK})`.execute(session);
    try {
      return await work();
    } finally {
      await sql`select pg_advisory_unlock(${START_LOCK})`.execute(session);
    }
  });

const stopBoss = (boss: PgBoss): Promise<void> => boss.stop({ graceful: false, timeout: 1000 });

const startBoss = async (pool: OpenPool['pool'], onError: (error: Error) => void): Promise<PgBoss> => {
  const boss = new PgBoss({
    // Its own pool would listen to no connection in use.
    db: { executeSql: (text, values) => pool.query(text, values) },
    monitorIntervalSeconds: 5,
    superviseIntervalSeconds: 5,
    schedule: false,
  });
  boss.on('error', onError);
  await boss.start();
  try {
    for (const queue of QUEUES) {
      if (!(await boss.getQueue(queue))) await boss.createQueue(queue, QUEUE_OPTIONS);
    }
    return boss;
  } catch (error) {
    await stopBoss(boss);
    throw error;
  }
};

export const startJobQueue = async (
  { db, pool }: OpenPool,
  onError: (error: Error) => void,
): Promise<JobQueue> => {
  const boss = await inTurn(db, () => startBoss(pool, onError));
  /** Jobs that were made before the clock was set back would wait until it is as late again. */
  const releaseAfterClockSetBack = async (): Promise<void> => {
    await sql`
      update pgboss.job set start_after = now()
      where name in (${sql.join([...PROMPT_QUEUES])}) and state in ('created', 'retry')
        and start_after > now() + make_interval(secs => ${LONGEST_PAUSE_SECONDS})`.execute(db);
  };
  /** Many idle workers that look twice a second must neither cost much nor wait for each other. */
  const isWaiting = async (queue: QueueName): Promise<boolean> => {
    const { rows } = await sql`
      select 1 from pgboss.job
      where name = ${queue} and state < 'active' and not blocked and start_after <= now() limit 1`.execute(
      db,
    );
    return rows.length > 0;
  };
  const watchingClock = setInterval(() => void releaseAfterClockSetBack().catch(onError), CLOCK_CHECK_MS);
  const attemptOf = (job: Job): { id: string; retryCount: number } => ({
    id: job.id,
    retryCount: job.attempt,
  });
  const holds = (reply: unknown, job: Job): boolean =>
    (reply as SettleReply).settled?.includes(job.id) ?? false;

  return {
    enqueue: async (trx, queue, { id, appId, data, delaySeconds = 0, cost = 1, turn }) => {
      const priority = -(turn ?? (await nextTurn(trx, queue, appId, cost)));
      const startAfter = delaySeconds;
      await boss.send(queue, data, {
        id: asUuid(id),
        ...(turn === undefined && { group: { id: appId } }),
        priority,
        startAfter,
        db: fromKysely(trx),
      });
    },

    // pg-boss's own cap per group is soft: several fetches at once may exceed it (measured 7 instead of 2).
    // Under the lock it is exact; fetches take milliseconds, jobs minutes.
    take: async (queue, perApp) => {
      if (!(await isWaiting(queue))) return undefined;
      return db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(${FETCH_LOCK}, ${QUEUES.indexOf(queue)})`.execute(trx);
        const [job] = await boss.fetch<JobData>(queue, {
          batchSize: 1,
          includeMetadata: true,
          groupConcurrency: perApp,
          db: fromKysely(trx),
        });
        if (!job) return undefined;
        await passTurn(trx, queue, -job.priority);
        const turn = -job.priority;
        return { queue, id: job.id, attempt: job.retryCount, data: job.data, turn };
      });
    },

    touch: async (job) => holds(await boss.touch(job.queue, attemptOf(job)), job),

    hold: async (trx, job) =>
      holds(await boss.touch(job.queue, attemptOf(job), { db: fromKysely(trx) }), job),

    complete: async (trx, job) =>
      holds(await boss.complete(job.queue, attemptOf(job), null, { db: fromKysely(trx) }), job),

    retry: async (job, reason) => {
      await boss.fail(job.queue, attemptOf(job), { reason });
    },

    cancel: async (trx, queue, id) => {
      await boss.cancel(queue, asUuid(id), { db: fromKysely(trx) });
    },

    depths: async () => {
      const { rows } = await sql<QueueDepth & { name: QueueName }>`
        select name,
          count(*) filter (where state < 'active' and start_after <= now()) as waiting,
          count(*) filter (where state = 'active') as running,
          coalesce(extract(epoch from now() - min(start_after) filter (where state < 'active')), 0)::float8
            as "oldestSeconds"
        from pgboss.job where state <= 'active' group by name`.execute(db);
      return new Map(
        QUEUES.map((queue): [QueueName, QueueDepth] => {
          const { waiting, running, oldestSeconds } = rows.find(({ name }) => name === queue) ?? EMPTY;
          return [queue, { waiting, running, oldestSeconds: Math.max(0, oldestSeconds) }];
        }),
      );
    },

    recover: async () => {
      const { rows } = await sql<{ name: string; id: string }>`
        select name, id from pgboss.job where state = 'active' and name in (${sql.join([...QUEUES])})`.execute(
        db,
      );
      for (const { name, id } of rows) await boss.fail(name, id, { reason: 'the server stopped' });
      if (rows.length === 0) return;
      // The pause is for jobs that fail; these did not.
      const ids = rows.map((row) => row.id);
      await sql`
        update pgboss.job set start_after = now() where state = 'retry' and id = any(${ids}::uuid[])`.execute(
        db,
      );
    },

    stop: () => {
      clearInterval(watchingClock);
      return stopBoss(boss);
    },
  };
};
