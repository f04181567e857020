import path from 'node:path';
import { TASK_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import { newId } from '../identifiers.js';
import { MAX_STARTS } from '../queue/giving-up.js';
import type { Job } from '../queue/job-queue.js';
import type { Duty } from '../queue/perform-job.js';
import { inScratch } from '../renderer/scratch.js';
import type { Services } from '../services.js';
import { endAfterFailure, interruptedEnd } from '../tasks/end-after-failure.js';
import { type ProgressWriter, progressWriterTo, type WorkState } from '../tasks/progress.js';
import { limitsOf, materialOf } from '../tasks/render-order.js';
import type { TaskRow } from '../tasks/task-reads.js';
import type { TaskEnd } from '../tasks/tasks.js';
import { endTask } from '../tasks/tasks.js';
import { DRAWN_FROM, DRAWN_TO } from './drawn-share.js';
import { planKeys, type SegmentRun, segmentKey } from './segment-keys.js';

type RunOfTask = { readonly task: TaskRow; readonly run: SegmentRun };
type RunEnd =
  | { readonly status: 'made'; readonly seconds: number }
  | (TaskEnd & { status: typeof TASK_STATUS.failed });

/** Undefined when the task is over or gone. */
const beginRun = async (trx: Database, { data, attempt }: Job): Promise<RunOfTask | undefined> => {
  const task = await trx
    .selectFrom('task')
    .selectAll()
    .where('id', '=', data.id)
    .where('status', '=', TASK_STATUS.generating)
    .executeTakeFirst();
  const run = await trx
    .updateTable('segment_run')
    .set({ attempts: sql`greatest(attempts, ${attempt + 1})` })
    .where('task_id', '=', data.id)
    .where('number', '=', data.run!)
    .returningAll()
    .executeTakeFirst();
  return task && run && { task, run };
};

/** Writes how far a task is from how far its runs are: all segments count alike. */
const writeShares = (db: Database, taskId: string): Promise<unknown> =>
  sql`
    update task set worked_at = now(), progress = greatest(progress, (
      select floor(${DRAWN_FROM}::float8 + ${DRAWN_TO - DRAWN_FROM}::float8
        * sum(share * (end_segment - first_segment)) / sum(end_segment - first_segment))::int
      from segment_run where task_id = ${taskId}))
    where id = ${taskId} and status = ${TASK_STATUS.generating}`.execute(db);

/** Writes how far a run is, and with it how far its task is. */
const runProgress = ({ db, log }: Services, { task_id, number }: SegmentRun): ProgressWriter => {
  const write = async ({ progress }: WorkState): Promise<void> => {
    if (progress !== undefined) {
      await db
        .updateTable('segment_run')
        .set({ share: sql`greatest(share, ${progress / 100}::float8)` })
        .where('task_id', '=', task_id)
        .where('number', '=', number)
        .execute();
    }
    await writeShares(db, task_id);
  };
  return progressWriterTo({
    stage: 'render',
    write: (state) =>
      write(state).catch((error) =>
        log.warn({ task: task_id, error: String(error) }, 'could not write progress'),
      ),
  });
};

/** The first segment of a run that is still to be made: they are made in order. */
const firstMissing = async (db: Database, run: SegmentRun): Promise<number> => {
  const missing = await db
    .selectFrom('segment')
    .select('number')
    .where('task_id', '=', run.task_id)
    .where('number', '>=', run.first_segment)
    .where('number', '<', run.end_segment)
    .where('key', 'is', null)
    .orderBy('number')
    .executeTakeFirst();
  return missing?.number ?? run.end_segment;
};

/**
 * Publishes a segment: its name is of this attempt alone, and counts only while this attempt holds the claim. Throws when
 * it does not.
 */
const publishSegment = async (
  { db, jobs, storage }: Services,
  run: SegmentRun,
  job: Job,
  segment: number,
  files: { readonly video: string; readonly cover: string },
  signal: AbortSignal,
): Promise<void> => {
  const key = segmentKey(run, job.attempt, segment);
  const coverKey = segment === 0 ? segmentKey(run, job.attempt, 'cover') : null;
  await storage.adopt(files.video, key, signal);
  if (coverKey) await storage.adopt(files.cover, coverKey, signal);
  const counts = await db.transaction().execute(async (trx) => {
    if (!(await jobs.hold(trx, job))) return false;
    await trx
      .updateTable('segment')
      .set({ key, cover_key: coverKey })
      .where('task_id', '=', run.task_id)
      .where('number', '=', segment)
      .execute();
    return true;
  });
  if (counts) return;
  for (const name of coverKey ? [key, coverKey] : [key]) await storage.delete(name);
  throw new Error('the claim was lost');
};

const renderRun = async (
  services: Services,
  { task, run }: RunOfTask,
  job: Job,
  scratch: string,
  signal: AbortSignal,
): Promise<void> => {
  const { db, storage, program } = services;
  const from = await firstMissing(db, run);
  if (from === run.end_segment) return;
  const material = await materialOf(services, task);
  const keys = planKeys(task.id, task.plan!.start);
  const fileOf = (segment: number): string => path.join(scratch, `${segment}.mp4`);
  const cover = path.join(scratch, 'cover.jpg');
  const count = run.end_segment - from;
  const done = from - run.first_segment;
  const length = done + count;
  const progress = runProgress(services, run);
  /** Segments are published while the next ones are drawn; a failure ends that. */
  const stop = new AbortController();
  let publishing: Promise<void> = Promise.resolve();
  const publish = (segment: number): void => {
    const files = { video: fileOf(segment), cover };
    publishing = publishing.then(() => publishSegment(services, run, job, segment, files, signal));
    publishing.catch((error) => stop.abort(error));
  };
  try {
    await program.run(
      {
        kind: 'segments',
        plan: await storage.localFile(keys.segment, scratch, signal),
        video: await storage.localFile(material.video.key, scratch, signal),
        from,
        outputs: Array.from({ length: count }, (_, k) => fileOf(from + k)),
        cover,
      },
      {
        signal: AbortSignal.any([signal, stop.signal]),
        onProgress: ({ fraction }) =>
          progress.report({ stage: 'render', fraction: (done + fraction * count) / length }),
        onSegment: publish,
        limits: () => limitsOf(task, material),
      },
    );
    await publishing;
  } finally {
    await publishing.catch(() => {});
    await progress.settled();
  }
};

/** Ends a run; with the last one, queues the end of the video. False when the task is over. */
const settleRun = async (
  services: Services,
  trx: Database,
  { task, run }: RunOfTask,
  seconds: number,
  { turn }: Job,
): Promise<boolean> => {
  // Runs that end at the same time come here one after the other, so that one of them is the last.
  const open = await trx
    .selectFrom('task')
    .select('id')
    .where('id', '=', task.id)
    .where('status', '=', TASK_STATUS.generating)
    .forUpdate()
    .executeTakeFirst();
  if (!open) return false;
  await trx
    .updateTable('segment_run')
    .set({ share: 1, seconds: sql`seconds + ${seconds}::float8` })
    .where('task_id', '=', task.id)
    .where('number', '=', run.number)
    .execute();
  await writeShares(trx, task.id);
  const missing = await trx
    .selectFrom('segment')
    .select('number')
    .where('task_id', '=', task.id)
    .where('key', 'is', null)
    .executeTakeFirst();
  if (missing) return true;
  const id = newId();
  await trx.updateTable('task').set({ finish_job: id }).where('id', '=', task.id).execute();
  await services.jobs.enqueue(trx, 'render', {
    id,
    appId: task.app_id,
    data: { id: task.id, finish: true },
    turn,
  });
  return true;
};

/** Makes some of a video's segments. */
export const runDuty = (services: Services): Duty<RunOfTask, RunEnd> => ({
  begin: (trx, job) => beginRun(trx, job),
  work: async (begun, job, signal) => {
    if (job.attempt >= MAX_STARTS) return interruptedEnd();
    const began = performance.now();
    const { task, run } = begun;
    await inScratch(services, `segments-${task.id}-${run.number}-${job.attempt}`, (scratch) =>
      renderRun(services, begun, job, scratch, signal),
    );
    return { status: 'made', seconds: (performance.now() - began) / 1000 };
  },
  endAfterFailure: ({ task }, failure) => endAfterFailure(services, task, failure),
  settle: (trx, begun, end, job) =>
    end.status === 'made'
      ? settleRun(services, trx, begun, end.seconds, job)
      : endTask(services, trx, begun.task.id, end),
});
