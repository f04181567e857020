import type { Task } from '@chanjing-avatar/client';
import { TASK_STATUS } from '@chanjing-avatar/client';
import { useRef } from 'preact/hooks';

/** Percent that must have been seen going by before anything is said. */
const ENOUGH = 4;

/** Seconds that a task will take at the pace that was seen since this page looks; undefined until there is one. */
export const useTimeLeft = ({ status, progress }: Task): number | undefined => {
  const first = useRef<{ progress: number; at: number } | undefined>(undefined);
  if (status !== TASK_STATUS.generating) {
    first.current = undefined;
    return undefined;
  }
  // A render that began again goes back to 0.
  if (!first.current || progress < first.current.progress) first.current = { progress, at: Date.now() };
  const gone = progress - first.current.progress;
  if (gone < ENOUGH) return undefined;
  return (((Date.now() - first.current.at) / gone) * (100 - progress)) / 1000;
};
