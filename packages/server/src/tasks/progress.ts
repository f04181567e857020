import { TASK_STATUS } from '@chanjing-avatar/protocol';
import type { Services } from '../services.js';

/** At most one write a second. */
const WRITE_MS = 1000;
/** 100 is only said with the result. */
const HIGHEST = 99;

export type ProgressWriter = {
  /** 0 to 1 */
  report(fraction: number): void;
  /** Waits for a write under way and begins no other. */
  settled(): Promise<void>;
};

/** Writes how far a render is to its task. */
export const progressWriter = ({ db, log }: Services, taskId: string): ProgressWriter => {
  let written = 0;
  let last = 0;
  let writing: Promise<void> | undefined;
  let over = false;

  const write = async (progress: number): Promise<void> => {
    try {
      await db
        .updateTable('task')
        .set({ progress })
        .where('id', '=', taskId)
        .where('status', '=', TASK_STATUS.generating)
        .execute();
      written = progress;
    } catch (error) {
      log.warn({ task: taskId, error: String(error) }, 'could not write progress');
    } finally {
      writing = undefined;
    }
  };

  return {
    report: (fraction) => {
      const progress = Math.min(HIGHEST, Math.max(0, Math.floor(fraction * 100)));
      if (over || writing || progress <= written || Date.now() - last < WRITE_MS) return;
      last = Date.now();
      writing = write(progress);
    },
    settled: async () => {
      over = true;
      await writing;
    },
  };
};
