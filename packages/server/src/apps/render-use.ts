import type { Database } from '../database/database.js';

// Seconds of video that apps had made, for their quotas of a day. Written with the tasks, kept when those are deleted.

/** Counts what a new task is expected to make. */
export const noteUse = async (
  trx: Database,
  appId: string,
  taskId: string,
  seconds: number,
): Promise<void> => {
  await trx.insertInto('render_use').values({ task_id: taskId, app_id: appId, seconds }).execute();
};

/** Counts what was made instead of what was expected. */
export const correctUse = async (trx: Database, taskId: string, seconds: number): Promise<void> => {
  await trx.updateTable('render_use').set({ seconds }).where('task_id', '=', taskId).execute();
};

/** Nothing was made, and nobody tried or the server failed. */
export const forgetUse = async (trx: Database, taskId: string): Promise<void> => {
  await trx.deleteFrom('render_use').where('task_id', '=', taskId).execute();
};
