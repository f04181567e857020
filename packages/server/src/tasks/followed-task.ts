import type { FollowedTask, TaskStage } from '@chanjing-avatar/protocol';
import { TASK_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import type { TaskRow, TaskViewRow } from './task-reads.js';
import { VIEW } from './task-reads.js';

/** A task with how its work goes. */
export type FollowedRow = TaskViewRow &
  Pick<TaskRow, 'stage' | 'stage_progress' | 'starts' | 'reason'> & {
    /** Since this stage began. */
    stage_seconds: number | null;
    /** Since whoever works on it last said so. */
    silent_seconds: number | null;
  };

/** The tasks of these ids that exist. */
export const followedTasks = async (
  db: Database,
  ids: readonly string[],
): Promise<Map<string, FollowedRow>> => {
  const rows = await db
    .selectFrom('task')
    .select([...VIEW, 'stage', 'stage_progress', 'starts', 'reason'])
    .select([
      sql<number | null>`extract(epoch from now() - stage_at)::float`.as('stage_seconds'),
      sql<number | null>`extract(epoch from now() - worked_at)::float`.as('silent_seconds'),
    ])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
};

/** A worker says every few seconds that it is at it; one that is silent for this long was killed. */
const LONGEST_SILENCE_SECONDS = 30;

/** True when a task will not change any more. */
export const isOver = ({ status }: Pick<TaskViewRow, 'status'>): boolean => status >= TASK_STATUS.success;

export const stageOf = (row: FollowedRow): TaskStage => {
  if (isOver(row)) return '';
  const isWorkedOn = row.silent_seconds !== null && row.silent_seconds < LONGEST_SILENCE_SECONDS;
  return row.status === TASK_STATUS.generating && isWorkedOn ? (row.stage as TaskStage) : 'waiting';
};

/** Percent that a stage must have come on, and seconds it must have taken, before its pace says anything. */
const ENOUGH_PERCENT = 3;
const ENOUGH_SECONDS = 2;

/** Only drawing has a pace that holds for the rest: it is the bulk, and what comes after is short. */
const secondsLeft = (row: FollowedRow): number | null => {
  const { stage_progress: from, stage_seconds: seconds } = row;
  const gone = row.progress - from;
  if (stageOf(row) !== 'render' || seconds === null) return null;
  if (gone < ENOUGH_PERCENT || seconds < ENOUGH_SECONDS) return null;
  return Math.round((seconds / gone) * (100 - row.progress));
};

/** What events tell beyond the task. */
export const progressView = (
  row: FollowedRow,
): Pick<FollowedTask, 'stage' | 'attempt' | 'seconds_left' | 'reason'> => ({
  stage: stageOf(row),
  attempt: row.starts,
  seconds_left: secondsLeft(row),
  reason: row.reason,
});
