import type { FollowedTask } from '@chanjing-avatar/client';
import { TASK_STATUS } from '@chanjing-avatar/client';
import { useState } from 'preact/hooks';
import { useClient } from '../client-context.js';
import { Confirm } from '../design/confirm.js';
import { Failure } from '../failure/failure.js';
import { ServerWords } from '../failure/server-words.js';
import { formatTime } from '../language/format.js';
import { useLanguage, useText } from '../language/language.js';
import { reasonIn } from '../language/reasons.js';
import { ResultView } from '../result/result-view.js';
import { goTo, hrefTo } from '../route.js';
import { useCall } from '../use-call.js';
import { StateTag } from './state-tag.js';
import { useTask } from './use-task.js';
import { Watching } from './watching.js';

const FailedTask = ({ task, traceId }: { task: FollowedTask; traceId: string | undefined }) => {
  const t = useText();
  const language = useLanguage();
  const reason = reasonIn(language, task.reason);
  return (
    <section class="failure" role="alert">
      <h2>{t.failedTitle}</h2>
      <ServerWords said={task.msg} translated={reason} />
      {reason || task.reason === 'cancelled' ? null : (
        <p>
          <strong>{t.whatToDo}:</strong> {t.remedies['task-failed']}
        </p>
      )}
      {traceId ? (
        <p class="hint">
          {t.traceId} <code>{traceId}</code>
          <br />
          {t.traceHint}
        </p>
      ) : null}
    </section>
  );
};

/** A task from its beginning to its result. */
export const TaskPage = ({ id }: { id: string }) => {
  const t = useText();
  const language = useLanguage();
  const client = useClient();
  const { task, isGone, error } = useTask(id);
  const [problem, setProblem] = useState<unknown>();
  const [isDeleting, setDeleting] = useState(false);
  const isOver = task !== undefined && task.status >= TASK_STATUS.success;
  const report = useCall((signal) => client.lipSync.report(id, { signal }), `${id} ${isOver}`);

  const act = async (action: () => Promise<unknown>): Promise<void> => {
    setProblem(undefined);
    try {
      await action();
    } catch (failure) {
      setProblem(failure);
    }
  };
  const remove = () =>
    act(async () => {
      await client.lipSync.delete(id);
      goTo('library');
    });

  const tts = report.value?.request.tts_config;
  const title = tts?.text ?? report.value?.request.transcript ?? t.task;
  return (
    <div class="stack">
      <div class="row head">
        <h1 class="title" title={title}>
          {title}
        </h1>
        {task ? <StateTag status={task.status} /> : null}
      </div>
      {task ? (
        <p class="hint">
          {t.created} {formatTime(language, task.create_time)} · <code>{id}</code>
        </p>
      ) : null}
      <Failure error={error ?? problem} />
      {isGone ? <p role="status">{t.taskGone}</p> : null}
      {!task && !error && !isGone ? <p role="status">{t.loading}</p> : null}
      {task && !isOver ? (
        <Watching task={task} onCancel={() => void act(() => client.lipSync.cancel(id))} />
      ) : null}
      {task?.status === TASK_STATUS.failed ? (
        <FailedTask task={task} traceId={report.value?.trace_id} />
      ) : null}
      {task?.status === TASK_STATUS.success && report.value?.task.video_url ? (
        <ResultView made={report.value} />
      ) : null}
      <Failure error={report.error} onAgain={report.again} />
      {task ? (
        <div class="row">
          <a class={isOver ? 'button primary' : 'button'} href={hrefTo('new', { again: id })}>
            {t.doAgain}
          </a>
          {report.value?.request.callback ? (
            <a class="button" href={hrefTo('deliveries', { task: id })}>
              {t.ofTask}
            </a>
          ) : null}
          <button type="button" class="danger push" onClick={() => setDeleting(true)}>
            {t.deleteTask}
          </button>
        </div>
      ) : null}
      {isDeleting ? (
        <Confirm
          question={t.deleteTaskAsk}
          action={t.deleteTask}
          onYes={() => void remove()}
          onClose={() => setDeleting(false)}
        />
      ) : null}
    </div>
  );
};
