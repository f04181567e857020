import type { FoundTask, SearchTasksInput } from '@chanjing-avatar/client';
import { useEffect, useState } from 'preact/hooks';
import { curlOf, literal } from '../calls/call-example.js';
import { Calls } from '../calls/calls.js';
import { useClient } from '../client-context.js';
import { Confirm } from '../design/confirm.js';
import { Empty } from '../design/empty.js';
import { Failure } from '../failure/failure.js';
import { formatClock, formatTime } from '../language/format.js';
import { useLanguage, useText } from '../language/language.js';
import { hrefTo, replaceRoute } from '../route.js';
import { StateTag } from '../task/state-tag.js';
import { usePages } from './use-pages.js';
import { VirtualList } from './virtual-list.js';

const ROW_HEIGHT = 92;
/** A search begins when nobody types for this long. */
const PAUSE_MS = 300;

/** Midnight of a day of the reader, Unix time in seconds. */
const dayOf = (text: string, daysLater = 0): number | undefined => {
  const [year, month, day] = text.split('-').map(Number);
  if (!year || !month || !day) return undefined;
  return Math.floor(new Date(year, month - 1, day + daysLater).getTime() / 1000);
};

const searchOf = (query: URLSearchParams): SearchTasksInput => {
  const [status, text, from, to] = ['status', 'text', 'from', 'to'].map((name) => query.get(name) ?? '');
  const [since, until] = [dayOf(from!), dayOf(to!, 1)];
  return {
    ...(status ? { status: Number(status) as 0 | 10 | 20 | 30 } : {}),
    ...(text ? { text } : {}),
    ...(since ? { created_from: since } : {}),
    ...(until ? { created_to: until } : {}),
  };
};

type RowProps = {
  task: FoundTask | undefined;
  onCancel: (id: string) => void;
  onDelete: (id: string) => void;
};

const TaskRow = ({ task, onCancel, onDelete }: RowProps) => {
  const t = useText();
  const language = useLanguage();
  if (!task) return <div class="task-row ghost" />;
  const isOpen = task.status < 20;
  return (
    <div class="task-row">
      <div class="thumb">
        {task.preview_url ? <img src={task.preview_url} alt="" loading="lazy" decoding="async" /> : null}
      </div>
      <div class="grow task-words">
        <a href={hrefTo(`tasks/${task.id}`)}>{task.text || t.untitled}</a>
        <span class="hint">
          {formatTime(language, task.create_time)}
          {task.duration > 0 ? ` · ${formatClock(task.duration / 1000)}` : ''} · {task.driving_name}
        </span>
      </div>
      <span class="task-state">
        <StateTag status={task.status} />
        {task.status === 10 ? <span class="hint">{task.progress} %</span> : null}
      </span>
      <button
        type="button"
        class="quiet"
        aria-label={`${isOpen ? t.cancelTask : t.deleteTask}: ${task.text || t.untitled}`}
        onClick={() => (isOpen ? onCancel : onDelete)(task.id)}
      >
        {isOpen ? t.cancel : t.deleteTask}
      </button>
    </div>
  );
};

type Filter = Readonly<Record<'text' | 'status' | 'from' | 'to', string>>;

const FilterBar = ({ filter, change }: { filter: Filter; change: (part: Partial<Filter>) => void }) => {
  const t = useText();
  const [text, setText] = useState(filter.text);
  // Cleared or chosen elsewhere.
  useEffect(() => setText(filter.text), [filter.text]);
  useEffect(() => {
    if (text === filter.text) return;
    const timer = setTimeout(() => change({ text }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <search class="row fields filter">
      <label class="field words">
        <span>{t.search}</span>
        <input
          type="search"
          name="search"
          placeholder={t.searchHint}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{t.state}</span>
        <select
          name="state"
          value={filter.status}
          onChange={(event) => change({ status: event.currentTarget.value })}
        >
          <option value="">{t.anyState}</option>
          <option value="0">{t.statePending}</option>
          <option value="10">{t.stateGenerating}</option>
          <option value="20">{t.stateSuccess}</option>
          <option value="30">{t.stateFailed}</option>
        </select>
      </label>
      {(['from', 'to'] as const).map((name) => (
        <label class="field" key={name}>
          <span>{t[name]}</span>
          <input
            type="date"
            value={filter[name]}
            onChange={(event) => change({ [name]: event.currentTarget.value })}
          />
        </label>
      ))}
    </search>
  );
};

/** Every task, newest first. */
export const LibraryPage = ({ query }: { query: URLSearchParams }) => {
  const t = useText();
  const client = useClient();
  const search = searchOf(query);
  const pages = usePages(search);
  const [deleting, setDeleting] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const filter = Object.fromEntries(
    ['text', 'status', 'from', 'to'].map((name) => [name, query.get(name) ?? '']),
  ) as Filter;

  const act = async (action: () => Promise<unknown>): Promise<void> => {
    setProblem(undefined);
    await action().catch(setProblem);
    pages.refresh();
  };
  const isFiltered = Object.keys(search).length > 0;
  return (
    <div class="stack">
      <h1>{t.library}</h1>
      <FilterBar filter={filter} change={(part) => replaceRoute('library', { ...filter, ...part })} />
      <Failure error={pages.error ?? problem} onAgain={pages.refresh} />
      <p class="hint" role="status">
        {pages.total === undefined ? t.loading : t.taskCount(pages.total)}
      </p>
      {pages.total === 0 ? (
        <Empty text={isFiltered ? t.noTasksFound : t.noTasks}>
          {isFiltered ? (
            <a class="button" href={hrefTo('library')}>
              {t.clearSearch}
            </a>
          ) : (
            <a class="button primary" href={hrefTo('new')}>
              {t.newVideo}
            </a>
          )}
        </Empty>
      ) : null}
      {pages.total ? (
        <VirtualList label={t.library} count={pages.total} rowHeight={ROW_HEIGHT} onShown={pages.want}>
          {(index) => (
            <TaskRow
              task={pages.at(index)}
              onCancel={(id) => void act(() => client.lipSync.cancel(id))}
              onDelete={setDeleting}
            />
          )}
        </VirtualList>
      ) : null}
      <Calls
        example={{
          curl: curlOf({
            method: 'POST',
            path: '/open/v1/video_lip_sync/search',
            fields: { page: 1, ...search },
          }),
          sdk: `for await (const task of client.lipSync.search(${isFiltered ? literal(search) : ''})) console.log(task.id, task.text);`,
          cli: 'chanjing-avatar list',
        }}
      />
      {deleting ? (
        <Confirm
          question={t.deleteTaskAsk}
          action={t.deleteTask}
          onYes={() => void act(() => client.lipSync.delete(deleting))}
          onClose={() => setDeleting('')}
        />
      ) : null}
    </div>
  );
};
