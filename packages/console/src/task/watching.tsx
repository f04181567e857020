import type { FollowedTask } from '@chanjing-avatar/client';
import { useEffect } from 'preact/hooks';
import { Calls } from '../calls/calls.js';
import { Progress } from '../design/progress.js';
import { formatClock } from '../language/format.js';
import { useText } from '../language/language.js';
import { followExample } from './task-example.js';
import { useTimeLeft } from './time-left.js';

const STAGES = ['waiting', 'speech', 'face', 'plan', 'render', 'finish'] as const;

/** The way of a task, and where it is on it. */
const Stages = ({ stage }: Pick<FollowedTask, 'stage'>) => {
  const t = useText();
  const now = (STAGES as readonly string[]).indexOf(stage);
  return (
    <ol class="stages">
      {STAGES.map((one, index) => (
        <li
          key={one}
          class={index < now ? 'past' : index === now ? 'now' : ''}
          aria-current={index === now ? 'step' : undefined}
        >
          {t.stages[one]}
        </li>
      ))}
    </ol>
  );
};

/** A task that waits or is being made. */
export const Watching = ({ task, onCancel }: { task: FollowedTask; onCancel: () => void }) => {
  const t = useText();
  const left = useTimeLeft(task);
  const { attempt, progress } = task;
  const stage = task.stage || 'waiting';
  const isWaiting = stage === 'waiting';
  useEffect(() => {
    // Seen from another tab.
    const { title } = document;
    document.title = `${isWaiting ? '' : `${progress} % · `}${t.stages[stage]} · ${t.product}`;
    return () => {
      document.title = title;
    };
  }, [t, stage, isWaiting, progress]);
  return (
    <>
      <section class="card stack">
        <p class="watch">
          <strong role="status">{t.stages[stage]}</strong>
          {isWaiting ? null : <span class="percent">{progress} %</span>}
          {left === undefined ? null : <span class="hint push">{t.timeLeft(formatClock(left))}</span>}
        </p>
        <Progress value={isWaiting ? undefined : progress / 100} label={t.stages[stage]} />
        <Stages stage={stage} />
        {isWaiting && attempt > 0 ? <p class="notice">{t.interrupted}</p> : null}
        {!isWaiting && attempt > 1 ? <p class="notice">{t.attempt(attempt)}</p> : null}
        <div class="row">
          <p class="hint grow">{t.leaveHint}</p>
          <button type="button" onClick={onCancel}>
            {t.cancelTask}
          </button>
        </div>
      </section>
      <Calls example={followExample(task.id)} />
    </>
  );
};
