import path from 'node:path';
import { TASK_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import { shareTracks } from '../files/face-tracks.js';
import { MAX_STARTS } from '../queue/giving-up.js';
import type { Job } from '../queue/job-queue.js';
import { type Duty, performJob } from '../queue/perform-job.js';
import { inScratch } from '../renderer/scratch.js';
import { finishDuty } from '../segments/finish-task.js';
import { discardPlan, isWorthSharing, type Planned, planTask, queueRuns } from '../segments/plan-task.js';
import { runDuty } from '../segments/render-run.js';
import type { Services } from '../services.js';
import { carryOutDeletions } from '../storage/pending-deletions.js';
import { hasRoom } from '../storage/room.js';
import { endAfterFailure, interruptedEnd } from './end-after-failure.js';
import { begunWork, progressWriter, restWork } from './progress.js';
import { limitsOf, materialOf, orderOf, readAloud } from './render-order.js';
import { discardResults, publishResults } from './results.js';
import type { TaskRow } from './task-reads.js';
import type { TaskEnd } from './tasks.js';
import { endTask } from './tasks.js';

/** Marks the task as generating; undefined when it is over or gone. */
const beginTask = (trx: Database, id: string): Promise<TaskRow | undefined> =>
  trx
    .updateTable('task')
    .set({ status: TASK_STATUS.generating, ...begunWork, starts: sql`starts + 1` })
    .where('id', '=', id)
    .where('status', '<', TASK_STATUS.success)
    .returningAll()
    .executeTakeFirst();

/** The whole video in one piece. */
const renderWhole = async (
  services: Services,
  task: TaskRow,
  scratch: string,
  signal: AbortSignal,
): Promise<TaskEnd> => {
  const material = await materialOf(services, task);
  const [output, cover, report, srt] = ['video.mp4', 'cover.jpg', 'report.json', 'subtitles.srt'].map(
    (name) => path.join(scratch, name),
  ) as [string, string, string, string];
  const progress = progressWriter(services, task);
  try {
    const order = await orderOf(services, task, material, scratch, signal);
    await readAloud(services, task, order, signal);
    const { seconds, hasSubtitles } = await services.program.run(
      { kind: 'render', ...order, output, cover, report, srt },
      { signal, onProgress: progress.report, limits: () => limitsOf(task, material) },
    );
    await progress.settled();
    await shareTracks(services, material.video);
    const files = { video: output, cover, report, subtitles: hasSubtitles ? srt : undefined };
    return await publishResults(services, task, files, seconds, signal);
  } finally {
    await progress.settled();
  }
};

/** The video, or what is decided about it where others help with it. */
const render = async (services: Services, task: TaskRow, signal: AbortSignal): Promise<TaskEnd | Planned> => {
  try {
    const isShared = await isWorthSharing(services, task);
    return await inScratch<TaskEnd | Planned>(services, `render-${task.id}-${task.starts}`, (scratch) =>
      isShared ? planTask(services, task, scratch, signal) : renderWhole(services, task, scratch, signal),
    );
  } catch (failure) {
    await restWork(services, task);
    throw failure;
  }
};

const taskDuty = (services: Services): Duty<TaskRow, TaskEnd | Planned> => ({
  begin: (trx, { data }) => beginTask(trx, data.id),
  work: async (task, _job, signal) =>
    task.starts <= MAX_STARTS ? render(services, task, signal) : interruptedEnd(),
  endAfterFailure: (task, failure) => endAfterFailure(services, task, failure),
  settle: (trx, task, end, job) =>
    end.status === 'planned'
      ? queueRuns(services, trx, task, end, job)
      : endTask(services, trx, task.id, end),
  discard: (task, end) =>
    end.status === 'planned' ? discardPlan(services, task, end) : discardResults(services, task, end),
});

/** Does what is next for a task: render, publish, and in one transaction end the task, its job, and announce it. */
export const renderTask = async (services: Services, job: Job, signal: AbortSignal): Promise<void> => {
  // The task goes on waiting; that is no failure of its own.
  if (!(await hasRoom(services.storage))) return services.jobs.retry(job, 'the disk is full');
  if (job.data.finish) await performJob(services, job, signal, finishDuty(services));
  else if (job.data.run !== undefined) await performJob(services, job, signal, runDuty(services));
  else await performJob(services, job, signal, taskDuty(services));
  await carryOutDeletions(services);
  services.wake('render');
  services.wake('callback');
};
