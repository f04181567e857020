import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { TASK_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import { MAX_STARTS } from '../queue/giving-up.js';
import type { Duty } from '../queue/perform-job.js';
import { inScratch } from '../renderer/scratch.js';
import type { Services } from '../services.js';
import { endAfterFailure, interruptedEnd } from '../tasks/end-after-failure.js';
import { limitsOf, materialOf } from '../tasks/render-order.js';
import { discardResults, publishResults } from '../tasks/results.js';
import type { TaskRow } from '../tasks/task-reads.js';
import type { TaskEnd } from '../tasks/tasks.js';
import { endTask } from '../tasks/tasks.js';
import { DRAWN_TO } from './drawn-share.js';
import { planKeys } from './segment-keys.js';

/** Counts a start, whose number the results are named by; undefined when the task is over or gone. */
const beginFinish = (trx: Database, id: string): Promise<TaskRow | undefined> =>
  trx
    .updateTable('task')
    .set({
      starts: sql`starts + 1`,
      stage: 'finish',
      stage_at: sql<Date>`now()`,
      stage_progress: DRAWN_TO,
      progress: DRAWN_TO,
      worked_at: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .where('status', '=', TASK_STATUS.generating)
    .returningAll()
    .executeTakeFirst();

const renderSeconds = async ({ db }: Services, taskId: string): Promise<number> => {
  const { seconds } = await db
    .selectFrom('segment_run')
    .select((select) => select.fn.sum<number>('seconds').as('seconds'))
    .where('task_id', '=', taskId)
    .executeTakeFirstOrThrow();
  return Number(seconds);
};

const finishTask = async (
  services: Services,
  task: TaskRow,
  scratch: string,
  signal: AbortSignal,
): Promise<TaskEnd> => {
  const { db, storage, program } = services;
  const { start, notices, timings } = task.plan!;
  const material = await materialOf(services, task);
  const made = await db
    .selectFrom('segment')
    .selectAll()
    .where('task_id', '=', task.id)
    .orderBy('number')
    .execute();
  const bring = (key: string): Promise<string> => storage.localFile(key, scratch, signal);
  const segments: string[] = [];
  for (const { key } of made) segments.push(await bring(key!));
  const [video, report, srt] = ['video.mp4', 'report.json', 'subtitles.srt'].map((name) =>
    path.join(scratch, name),
  ) as [string, string, string];
  const { seconds, hasSubtitles } = await program.run(
    {
      kind: 'finish',
      plan: await bring(planKeys(task.id, start).end),
      segments,
      ...(material.audio ? { recording: await bring(material.audio.key) } : {}),
      output: video,
      report,
      srt,
      notices,
      timings: { ...timings, render: await renderSeconds(services, task.id) },
    },
    { signal, limits: () => limitsOf(task, material) },
  );
  // A copy: what is published is moved where the storage is this disk.
  const cover = path.join(scratch, 'cover.jpg');
  await copyFile(await bring(made[0]!.cover_key!), cover);
  const files = { video, cover, report, subtitles: hasSubtitles ? srt : undefined };
  return publishResults(services, task, files, seconds, signal);
};

/** Joins a video's segments, publishes it, and ends its task. */
export const finishDuty = (services: Services): Duty<TaskRow, TaskEnd> => ({
  begin: (trx, { data }) => beginFinish(trx, data.id),
  work: async (task, _job, signal) => {
    if (task.starts > MAX_STARTS) return interruptedEnd();
    return inScratch(services, `finish-${task.id}-${task.starts}`, (scratch) =>
      finishTask(services, task, scratch, signal),
    );
  },
  endAfterFailure: (task, failure) => endAfterFailure(services, task, failure),
  settle: (trx, task, end) => endTask(services, trx, task.id, end),
  discard: (task, end) => discardResults(services, task, end),
});
