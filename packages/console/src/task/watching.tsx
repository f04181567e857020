import type { Task } from '@chanjing-avatar/client';
import { TASK_STATUS } from '@chanjing-avatar/client';
import { Calls } from '../calls/calls.js';
import { Progress } from '../design/progress.js';
import { formatClock } from '../language/format.js';
import { useText } from '../language/language.js';
import { followExample } from './task-example.js';
import { useTimeLeft } from './time-left.js';

/** A task that waits or is being made. */
export const Watching = ({ task, onCancel }: { task: Task; onCancel: () => void }) => {
  const t = useText();
  const left = useTimeLeft(task);
  const isPending = task.status === TASK_STATUS.pending;
  const name = isPending ? t.watchPending : t.watchGenerating;
  return (
    <>
      <section class="card stack" aria-live="polite">
        <p class="watch">
          <strong>{name}</strong>
          {isPending ? null : <span class="percent">{task.progress} %</span>}
          {left === undefined ? null : <span class="hint">{t.timeLeft(formatClock(left))}</span>}
        </p>
        <Progress value={isPending ? undefined : task.progress / 100} label={name} />
        <p class="hint">{t.leaveHint}</p>
        <div class="row">
          <button type="button" onClick={onCancel}>
            {t.cancelTask}
          </button>
        </div>
      </section>
      <Calls example={followExample(task.id)} />
    </>
  );
};
