import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { shareSegments } from '@chanjing-avatar/engine';
import { TASK_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import type { SegmentedPlan } from '../database/schema.js';
import { shareTracks } from '../files/face-tracks.js';
import { newId } from '../identifiers.js';
import type { Job } from '../queue/job-queue.js';
import type { Services } from '../services.js';
import { expectedSeconds } from '../tasks/cost.js';
import { progressWriter } from '../tasks/progress.js';
import { limitsOf, materialOf, orderOf, readAloud } from '../tasks/render-order.js';
import type { TaskRow } from '../tasks/task-reads.js';
import { DRAWN_FROM } from './drawn-share.js';
import { freePlaces } from './free-places.js';
import { planKeys } from './segment-keys.js';

/** Shorter videos, in seconds, are made in one piece. */
const LONG_SECONDS = 60;

/** A task whose video is decided on and now made in segments. */
export type Planned = {
  readonly status: 'planned';
  readonly plan: SegmentedPlan;
  /** Renders that can work on it at the same time. */
  readonly places: number;
};

/** Whether others can help with the video, and it is so long that this is worth it. */
export const isWorthSharing = async (services: Services, task: TaskRow): Promise<boolean> => {
  const { audio } = await materialOf(services, task);
  return expectedSeconds(task.request, audio) > LONG_SECONDS && (await freePlaces(services)) > 0;
};

/** Decides about a video, and publishes that for those who make its segments. */
export const planTask = async (
  services: Services,
  task: TaskRow,
  scratch: string,
  signal: AbortSignal,
): Promise<Planned> => {
  const { db, storage, program } = services;
  const material = await materialOf(services, task);
  const directory = path.join(scratch, 'plan');
  await mkdir(directory);
  const progress = progressWriter(services, task);
  try {
    const order = await orderOf(services, task, material, scratch, signal);
    await readAloud(services, task, order, signal);
    const { notices, timings, ...made } = await program.run(
      { kind: 'plan', ...order, directory },
      { signal, onProgress: progress.report, limits: () => limitsOf(task, material) },
    );
    await shareTracks(services, material.video);
    await db
      .updateTable('task')
      .set({ split_starts: task.starts })
      .where('id', '=', task.id)
      .where('starts', '=', task.starts)
      .execute();
    const keys = planKeys(task.id, task.starts);
    await storage.adopt(path.join(directory, 'segment.plan'), keys.segment, signal);
    await storage.adopt(path.join(directory, 'end.plan'), keys.end, signal);
    // The job that planned is a place that comes free.
    const places = 1 + (await freePlaces(services));
    return { status: 'planned', places, plan: { start: task.starts, ...made, notices, timings } };
  } finally {
    await progress.settled();
  }
};

/** Removes what was published for a plan that nobody goes on with. */
export const discardPlan = async (
  { db, storage }: Services,
  task: TaskRow,
  { plan }: Planned,
): Promise<void> => {
  const row = await db.selectFrom('task').select('plan').where('id', '=', task.id).executeTakeFirst();
  if (row?.plan?.start === plan.start) return;
  for (const key of Object.values(planKeys(task.id, plan.start))) await storage.delete(key);
};

/**
 * Queues the segments of a planned video, at the task's own turn, in as many jobs as there are places for. False when the
 * task is over.
 */
export const queueRuns = async (
  services: Services,
  trx: Database,
  task: TaskRow,
  { plan, places }: Planned,
  { turn }: Job,
): Promise<boolean> => {
  const row = await trx
    .updateTable('task')
    .set({
      plan: JSON.stringify(plan),
      stage: 'render',
      stage_at: sql<Date>`now()`,
      stage_progress: DRAWN_FROM,
      progress: DRAWN_FROM,
      worked_at: sql<Date>`now()`,
    })
    .where('id', '=', task.id)
    .where('status', '<', TASK_STATUS.success)
    .returning('app_id')
    .executeTakeFirst();
  if (!row) return false;
  const runs = shareSegments(plan.segments, places);
  const segments = Array.from({ length: plan.segments }, (_, number) => ({ task_id: task.id, number }));
  await trx.insertInto('segment').values(segments).execute();
  for (const [number, { from: first, end }] of runs.entries()) {
    const id = newId();
    const run = { task_id: task.id, number, job_id: id, first_segment: first, end_segment: end };
    await trx.insertInto('segment_run').values(run).execute();
    await services.jobs.enqueue(trx, 'render', {
      id,
      appId: row.app_id,
      data: { id: task.id, run: number },
      turn,
    });
  }
  services.log.info(
    { trace_id: task.trace_id, task: task.id, segments: plan.segments, jobs: runs.length },
    'task goes on in segments',
  );
  return true;
};
