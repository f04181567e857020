import type { Services } from '../services.js';
import type { FollowedRow } from './followed-task.js';
import { followedTasks, stageOf } from './followed-task.js';

/** Called with each change of a task; undefined when it was deleted. */
type TaskListener = (task: FollowedRow | undefined) => void;

/** Tells who follows a task what became of it, whichever server renders it. */
export type TaskWatch = {
  /** Tells each change from the state that the follower knows already. Returns how to stop following. */
  follow(id: string, known: FollowedRow, listener: TaskListener): () => void;
  stop(): void;
};

const POLL_MS = 500;

const stateOf = (row: FollowedRow | undefined): string =>
  row ? `${row.status} ${row.progress} ${row.msg} ${stageOf(row)} ${row.starts}` : 'gone';

/** One query for all followed tasks, however many listeners there are. */
export const watchTasks = ({ db, log }: Pick<Services, 'db' | 'log'>): TaskWatch => {
  /** Per task, who follows it and what each of them was told last. */
  const followed = new Map<string, Map<TaskListener, string>>();
  let looking = false;

  const tell = (id: string, row: FollowedRow | undefined): void => {
    const state = stateOf(row);
    for (const [listener, told] of followed.get(id) ?? []) {
      if (told === state) continue;
      followed.get(id)?.set(listener, state);
      listener(row);
    }
  };

  const look = async (): Promise<void> => {
    if (looking || followed.size === 0) return;
    looking = true;
    try {
      const ids = [...followed.keys()];
      const rows = await followedTasks(db, ids);
      for (const id of ids) tell(id, rows.get(id));
    } catch (error) {
      log.warn({ error: String(error) }, 'could not look at followed tasks');
    } finally {
      looking = false;
    }
  };

  const timer = setInterval(() => void look(), POLL_MS);
  timer.unref();

  return {
    follow: (id, known, listener) => {
      const listeners = followed.get(id) ?? new Map();
      followed.set(id, listeners.set(listener, stateOf(known)));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && followed.get(id) === listeners) followed.delete(id);
      };
    },
    stop: () => clearInterval(timer),
  };
};
