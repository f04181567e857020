import { TaskFailedError } from '../errors/task-failed-error.js';
import { UnknownStatusError } from '../errors/unknown-status-error.js';
import { TASK_STATUS } from '../statuses.js';
import type { Transport } from '../transport/transport.js';
import { callApi } from '../transport/transport.js';
import type {
  CreateTaskInput,
  FollowedTask,
  FoundTask,
  Page,
  SearchTasksInput,
  Task,
  TaskReport,
} from '../wire.js';
import type { CallOptions } from './files.js';
import { follow } from './follow.js';
import type { Listing } from './listing.js';
import { listing } from './listing.js';
import { callOwnServer } from './own-server.js';
import type { WaitOptions } from './poll.js';
import { poll } from './poll.js';
import type { OnNotice } from './speakable-text.js';
import { speakable } from './speakable-text.js';

const TASK_TIMEOUT_MS = 60 * 60_000;

export type CreateOptions = CallOptions & {
  /**
   * 1 to 128 characters of A-Z a-z 0-9 . _ ~ -; by default a random one. On servers that know it, a repeated create with
   * the same key returns the first task.
   */
  idempotencyKey?: string | undefined;
};

export type TaskWaitOptions = WaitOptions & {
  /** Called with the task at each change of its status or progress. */
  onProgress?: ((task: Task) => void) | undefined;
  /** When the signal aborts the wait, also stop the task at the server, where the server can. Default false. */
  cancelOnAbort?: boolean | undefined;
};

export type LipSyncTasks = {
  /**
   * Starts a task and returns its id. Never repeated blindly: when no reply came and the server knows no idempotency
   * keys, OutcomeUnknownError says what to look for.
   */
  create(request: CreateTaskInput, options?: CreateOptions): Promise<string>;
  retrieve(id: string, options?: CallOptions): Promise<Task>;
  /** The app's tasks, newest first: `for await (const task of lipSync.list())`. */
  list(query?: { page?: number; page_size?: number }, options?: CallOptions): Listing<Task>;
  /** Tasks that fit, newest first, each with its text. Throws UnsupportedCallError on the vendor's cloud. */
  search(query?: SearchTasksInput, options?: CallOptions): Listing<FoundTask>;
  /** What was asked for and how the video was made, frame by frame. Throws UnsupportedCallError on the vendor's cloud. */
  report(id: string, options?: CallOptions): Promise<TaskReport>;
  /**
   * The task at once and at each change, until it is over, with the stage of its work and the time left. Throws
   * UnsupportedCallError on the vendor's cloud.
   */
  follow(id: string, options?: CallOptions): AsyncIterable<FollowedTask>;
  /** Stops a task if it runs and removes it with its results. Throws UnsupportedCallError on the vendor's cloud. */
  delete(id: string, options?: CallOptions): Promise<void>;
  /** Stops a task; it ends as failed. Throws UnsupportedCallError on the vendor's cloud. */
  cancel(id: string, options?: CallOptions): Promise<Task>;
  /**
   * Waits until the task has succeeded. Throws TaskFailedError, UnknownStatusError, WaitTimeoutError (default after an
   * hour), or the signal's reason.
   */
  waitFor(id: string, options?: TaskWaitOptions): Promise<Task>;
};

/** A reply without a status says no more than that the task is there. */
const isOver = (id: string, task: Task): boolean => {
  switch (task.status ?? TASK_STATUS.pending) {
    case TASK_STATUS.pending:
    case TASK_STATUS.generating:
      return false;
    case TASK_STATUS.success:
      return true;
    case TASK_STATUS.failed:
      throw new TaskFailedError({
        msg: task.msg || 'no reason given',
        remedy: `Task ${id} failed; create another.`,
        unexplained: !task.msg,
      });
    default: {
      const { status, msg: reason } = task as Task;
      const msg = `Task ${id} has status ${status}, which is not known.`;
      throw new UnknownStatusError(
        { msg, remedy: 'Update this software, or look at the task at the server.' },
        'task',
        status,
        reason ?? '',
      );
    }
  }
};

const stopAtServer = (tasks: Pick<LipSyncTasks, 'cancel'>, id: string): Promise<unknown> =>
  // The caller is told why the wait ended; that the server cannot cancel changes nothing of it.
  tasks.cancel(id, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);

export type LipSyncSettings = { readonly keyed: boolean; readonly onNotice: OnNotice };

export const lipSyncTasks = (transport: Transport, { keyed, onNotice }: LipSyncSettings): LipSyncTasks => {
  const detail = (id: string, signal: AbortSignal | undefined) =>
    callApi<Task>(transport, {
      method: 'GET',
      path: '/open/v1/video_lip_sync/detail',
      query: { id },
      signal,
    });

  const tasks: LipSyncTasks = {
    create: async (request, { idempotencyKey = crypto.randomUUID(), signal } = {}) => {
      const { tts_config: tts } = request;
      const body = tts
        ? { ...request, tts_config: { ...tts, text: speakable(tts.text, onNotice) } }
        : request;
      const makes = { what: 'tasks (lipSync.list)', keyed, idempotencyKey };
      const call = { method: 'POST', path: '/open/v1/video_lip_sync/create', limit: 'create' } as const;
      return (await callApi<string>(transport, { ...call, body, makes, signal })).data;
    },
    retrieve: async (id, { signal } = {}) => (await detail(id, signal)).data,
    list: ({ page = 1, page_size = 10 } = {}, { signal } = {}) =>
      listing(page, async (number) => {
        const body = { page: number, page_size };
        const call = { method: 'POST', path: '/open/v1/video_lip_sync/list', body, signal } as const;
        return (await callApi<Page<Task>>(transport, call)).data;
      }),
    search: ({ page = 1, ...query } = {}, { signal } = {}) =>
      listing(page, (number) => {
        const body = { ...query, page: number };
        const call = { method: 'POST', path: '/open/v1/video_lip_sync/search', body, signal } as const;
        return callOwnServer<Page<FoundTask>>(transport, 'search tasks', call);
      }),
    report: (id, { signal } = {}) => {
      const call = { method: 'GET', path: '/open/v1/video_lip_sync/report', query: { id }, signal } as const;
      return callOwnServer<TaskReport>(transport, 'report on a task', call);
    },
    follow: (id, { signal } = {}) => follow(transport, id, signal),
    delete: async (id, { signal } = {}) => {
      const call = { method: 'POST', path: '/open/v1/video_lip_sync/delete', body: { id }, signal } as const;
      await callOwnServer<null>(transport, 'delete a task', { ...call, repliesNothing: true });
    },
    cancel: (id, { signal } = {}) => {
      const call = { method: 'POST', path: '/open/v1/video_lip_sync/cancel', body: { id }, signal } as const;
      return callOwnServer<Task>(transport, 'cancel a task', call);
    },
    waitFor: async (id, options = {}) => {
      const { signal, onProgress, cancelOnAbort, timeoutMs = TASK_TIMEOUT_MS, ...pace } = options;
      let last = '';
      const read = async (until: AbortSignal | undefined) => {
        const reply = await detail(id, until);
        const state = `${reply.data.status} ${reply.data.progress}`;
        if (state !== last) onProgress?.(reply.data);
        last = state;
        return reply;
      };
      try {
        return await poll({
          id,
          what: 'Task',
          timeoutMs,
          ...pace,
          signal,
          read,
          isOver: (task) => isOver(id, task),
        });
      } catch (error) {
        if (signal?.aborted && cancelOnAbort) await stopAtServer(tasks, id);
        throw error;
      }
    },
  };
  return tasks;
};
