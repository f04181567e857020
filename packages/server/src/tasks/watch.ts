import { TASK_STATUS } from '@chanjing-avatar/protocol';
import type { Services } from '../services.js';
import type { TaskRow } from './task-reads.js';

/** Called with each change of a task; undefined when it was deleted. */
type TaskListener = (task: TaskRow | undefined) => void;

/** Tells who follows a task what became of it, whichever server renders it. */
export type TaskWatch = {
  /** Returns how to stop following. */
  follow(id: string, listener: TaskListener): () => void;
  stop(): void;
};

const POLL_MS = 500;

/** One query for all followed tasks, however many listeners there are. */
export const watchTasks = ({ db, log }: Services): TaskWatch => {
  const listeners = new Map<string, Set<TaskListener>>();
  const seen = new Map<string, string>();
  let looking = false;

  const tell = (id: string, row: TaskRow | undefined): void => {
    const state = row ? `${row.status} ${row.progress} ${row.msg}` : 'gone';
    if (seen.get(id) === state) return;
    seen.set(id, state);
    for (const listener of listeners.get(id) ?? []) listener(row);
  };

  const look = async (): Promise<void> => {
    if (looking || listeners.size === 0) return;
    looking = true;
    try {
      const ids = [...listeners.keys()];
      const rows = await db.selectFrom('task').selectAll().where('id', 'in', ids).execute();
      const byId = new Map(rows.map((row) => [row.id, row]));
      for (const id of ids) tell(id, byId.get(id));
    } catch (error) {
      log.warn({ error: String(error) }, 'could not look at followed tasks');
    } finally {
      looking = false;
    }
  };

  const timer = setInterval(() => void look(), POLL_MS);
  timer.unref();

  return {
    follow: (id, listener) => {
      const set = listeners.get(id) ?? new Set();
      listeners.set(id, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size > 0 || listeners.get(id) !== set) return;
        listeners.delete(id);
        seen.delete(id);
      };
    },
    stop: () => clearInterval(timer),
  };
};

/** True when a task will not change any more. */
export const isOver = (row: TaskRow): boolean => row.status >= TASK_STATUS.success;
