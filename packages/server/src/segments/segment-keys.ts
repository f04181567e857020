import type { Selectable } from 'kysely';
import type { Database } from '../database/database.js';
import type { SegmentRunTable } from '../database/schema.js';
import type { Services } from '../services.js';
import { noteDeletions } from '../storage/pending-deletions.js';

export type SegmentRun = Selectable<SegmentRunTable>;

/** Storage keys of what one start of a task planned; no other start can replace them. */
export const planKeys = (taskId: string, start: number): { segment: string; end: string } => ({
  segment: `segments/${taskId}/${start}/segment.plan`,
  end: `segments/${taskId}/${start}/end.plan`,
});

/** Storage key of a segment, or of the cover, that one attempt at a run made; no other attempt can replace it. */
export const segmentKey = (run: SegmentRun, attempt: number, segment: number | 'cover'): string =>
  `segments/${run.task_id}/${run.number}-${attempt}/${segment === 'cover' ? 'cover.jpg' : `${segment}.mp4`}`;

const keysOfRun = (run: SegmentRun): string[] => {
  const segments = Array.from(
    { length: run.end_segment - run.first_segment },
    (_, k) => run.first_segment + k,
  );
  const names: (number | 'cover')[] = run.first_segment === 0 ? [...segments, 'cover'] : segments;
  return Array.from({ length: run.attempts }, (_, attempt) => attempt).flatMap((attempt) =>
    names.map((name) => segmentKey(run, attempt, name)),
  );
};

/**
 * Cancels what is still done for a video in segments, and lets go of all that was made on the way to it by whatever
 * attempt: it is made, or will not be.
 */
export const stopSegments = async (
  { jobs }: Pick<Services, 'jobs'>,
  trx: Database,
  taskId: string,
): Promise<void> => {
  const task = await trx
    .selectFrom('task')
    .select(['split_starts', 'finish_job'])
    .where('id', '=', taskId)
    .executeTakeFirst();
  if (!task || task.split_starts === 0) return;
  const runs = await trx.selectFrom('segment_run').selectAll().where('task_id', '=', taskId).execute();
  const plans = Array.from({ length: task.split_starts }, (_, k) => Object.values(planKeys(taskId, k + 1)));
  await noteDeletions(trx, [...plans.flat(), ...runs.flatMap(keysOfRun)]);
  for (const { job_id } of runs) await jobs.cancel(trx, 'render', job_id);
  if (task.finish_job) await jobs.cancel(trx, 'render', task.finish_job);
};

/**
 * Lets go again of what attempts that had lost their claim may have put into the storage after their task was over, and
 * forgets the runs of tasks that ended before then or are gone.
 */
export const purgeSegments = (db: Database, endedBefore: Date): Promise<void> =>
  db.transaction().execute(async (trx) => {
    const runs = await trx
      .selectFrom('segment_run')
      .leftJoin('task', 'task.id', 'segment_run.task_id')
      .selectAll('segment_run')
      .where(({ or, eb }) => or([eb('task.id', 'is', null), eb('task.ended_at', '<', endedBefore)]))
      .execute();
    if (runs.length === 0) return;
    await noteDeletions(trx, [...new Set(runs.flatMap(keysOfRun))]);
    const tasks = [...new Set(runs.map((run) => run.task_id))];
    await trx.deleteFrom('segment_run').where('task_id', 'in', tasks).execute();
    await trx.deleteFrom('segment').where('task_id', 'in', tasks).execute();
  });
