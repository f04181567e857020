import { text } from 'node:stream/consumers';
import type { MadeReport, TaskReport } from '@chanjing-avatar/protocol';
import { FILE_STATUS } from '@chanjing-avatar/protocol';
import type { Services } from '../services.js';
import { findTask, taskView } from '../tasks/tasks.js';

const readReport = async ({ storage }: Services, key: string | null): Promise<MadeReport | null> => {
  // One that was purged while its task was read is as good as none.
  if (!key || !(await storage.head(key))) return null;
  return JSON.parse(await text(storage.read(key))) as MadeReport;
};

/** A task with what was asked for and how it was made. Throws {@link ContractError} for an id that is no task's. */
export const taskReport = async (
  services: Services,
  appId: string,
  id: string,
  baseUrl: string,
): Promise<TaskReport> => {
  const row = await findTask(services, appId, id);
  const { db, signer } = services;
  const more = await db
    .selectFrom('task')
    .leftJoin('file', 'file.id', 'task.video_file_id')
    .select(['request', 'trace_id', 'ended_at', 'report_key', 'subtitles_key'])
    .select(['file.name as driving_name', 'file.key as driving_key', 'file.status as driving_status'])
    .where('task.id', '=', id)
    .executeTakeFirstOrThrow();
  const isThere = more.driving_status === FILE_STATUS.ready && more.driving_key;
  return {
    task: taskView(services, row, baseUrl),
    request: more.request,
    trace_id: more.trace_id,
    end_time: more.ended_at ? Math.floor(more.ended_at.getTime() / 1000) : 0,
    driving_url: isThere ? signer.readUrl(baseUrl, isThere) : '',
    driving_name: more.driving_name ?? '',
    subtitles_url: more.subtitles_key ? signer.readUrl(baseUrl, more.subtitles_key) : '',
    report: await readReport(services, more.report_key),
  };
};
