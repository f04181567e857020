import type { Task } from '@chanjing-avatar/client';
import { useText } from '../language/language.js';

/** State of a task in a word; failed and done differ by more than colour. */
export const StateTag = ({ status }: Pick<Task, 'status'>) => {
  const t = useText();
  const names = { 0: t.statePending, 10: t.stateGenerating, 20: t.stateSuccess, 30: t.stateFailed };
  return <span class={`tag state-${status}`}>{names[status] ?? status}</span>;
};
