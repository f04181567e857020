import { stat } from 'node:fs/promises';
import { TASK_STATUS } from '@chanjing-avatar/protocol';
import type { Services } from '../services.js';
import type { TaskRow } from './task-reads.js';
import type { TaskEnd } from './tasks.js';

export type ResultKeys = {
  readonly videoKey: string;
  readonly coverKey: string;
  readonly reportKey: string;
  readonly subtitlesKey: string;
};

/** Storage keys of what one start of a task's render makes; no other start can replace them. */
const resultKeys = (taskId: string, start: number): ResultKeys => ({
  videoKey: `lip-sync/${start}/${taskId}.mp4`,
  coverKey: `lip-sync/${start}/${taskId}.jpg`,
  reportKey: `lip-sync/${start}/${taskId}.json`,
  subtitlesKey: `lip-sync/${start}/${taskId}.srt`,
});

/** Files of this machine that become the results. */
export type MadeFiles = {
  readonly video: string;
  readonly cover: string;
  readonly report: string;
  /** Undefined when the words are not known. */
  readonly subtitles: string | undefined;
};

/**
 * Moves results to storage under names of this start, so that a lapsed one can never replace them. None of them is left
 * there when it fails.
 */
export const publishResults = async (
  { storage }: Services,
  task: TaskRow,
  files: MadeFiles,
  seconds: number,
  signal: AbortSignal,
): Promise<TaskEnd> => {
  const results = resultKeys(task.id, task.starts);
  const made: [string, string][] = [
    [files.video, results.videoKey],
    [files.cover, results.coverKey],
    [files.report, results.reportKey],
    ...(files.subtitles ? [[files.subtitles, results.subtitlesKey] as [string, string]] : []),
  ];
  let bytes = 0;
  try {
    for (const [file, key] of made) {
      bytes += (await stat(file)).size;
      await storage.adopt(file, key, signal);
    }
  } catch (error) {
    for (const [, key] of made) await storage.delete(key).catch(() => {});
    throw error;
  }
  const hasSubtitles = files.subtitles !== undefined;
  const durationMs = Math.round(seconds * 1000);
  return { status: TASK_STATUS.success, results, hasSubtitles, durationMs, bytes };
};

/** Removes what was published for an end that was not written, unless it was after all. */
export const discardResults = async (
  { db, storage }: Services,
  task: TaskRow,
  end: TaskEnd,
): Promise<void> => {
  if (end.status !== TASK_STATUS.success) return;
  const row = await db.selectFrom('task').select('video_key').where('id', '=', task.id).executeTakeFirst();
  if (row?.video_key === end.results.videoKey) return;
  for (const key of Object.values(end.results)) await storage.delete(key);
};

/** Keys of everything that the starts of a task may have published so far, but for one result. */
export const otherResults = ({ id, starts }: Pick<TaskRow, 'id' | 'starts'>, kept?: ResultKeys): string[] =>
  Array.from({ length: starts }, (_, index) => Object.values(resultKeys(id, index + 1)))
    .flat()
    .filter((key) => !kept || !Object.values(kept).includes(key));
