import type { CreateTaskRequest, ListTasksRequest, Task, TaskPage } from '@chanjing-avatar/protocol';
import { CODE, TASK_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import { countCall } from '../apps/call-limits.js';
import { lockApp, requireRenderQuota } from '../apps/quotas.js';
import { correctUse, forgetUse, noteUse } from '../apps/render-use.js';
import { enqueueCallback } from '../callbacks/enqueue.js';
import type { Database } from '../database/database.js';
import { ContractError, parameterError } from '../errors/contract-error.js';
import { isId, newId, sha256 } from '../identifiers.js';
import { stopSegments } from '../segments/segment-keys.js';
import type { Services } from '../services.js';
import { carryOutDeletions, noteDeletions } from '../storage/pending-deletions.js';
import { estimateOf, holdMaterial, requireMaterial } from './material.js';
import type { ResultKeys } from './results.js';
import { otherResults } from './results.js';
import type { TaskViewRow } from './task-reads.js';

/** A task as replies show it. */
export const taskView = ({ signer }: Services, row: TaskViewRow, baseUrl: string): Task => ({
  id: row.id,
  status: row.status as Task['status'],
  progress: row.progress,
  msg: row.msg,
  video_url: row.video_key ? signer.readUrl(baseUrl, row.video_key) : '',
  preview_url: row.cover_key ? signer.readUrl(baseUrl, row.cover_key) : '',
  duration: row.duration_ms,
  create_time: Math.floor(row.created_at.getTime() / 1000),
});

/** Throws {@link ContractError} for an id that is not one of this app's tasks. */
export const findTask = async ({ reads }: Services, appId: string, id: string): Promise<TaskViewRow> => {
  const row = isId(id) ? await reads.task(id) : undefined;
  if (row?.app_id !== appId) {
    throw parameterError('id', id, 'the id of one of your tasks: no such task was found');
  }
  return row;
};

/** Throws {@link ContractError} when the task that was just made is one too many. */
const requireFreePlace = async (
  trx: Database,
  { openTasksPerApp: limit }: Services['settings'],
  appId: string,
): Promise<void> => {
  const { open } = await trx
    .selectFrom('task')
    .select((select) => select.fn.countAll<number>().as('open'))
    .where('app_id', '=', appId)
    .where('status', '<', TASK_STATUS.success)
    .executeTakeFirstOrThrow();
  if (open <= limit) return;
  throw new ContractError(
    CODE.quotaReached,
    `${limit} tasks wait or run already: wait for some to end, or cancel some`,
  );
};

export type CreateContext = {
  readonly appId: string;
  readonly baseUrl: string;
  readonly traceId: string;
  readonly idempotencyKey: string | undefined;
};

const requestHash = (request: CreateTaskRequest): string => sha256(JSON.stringify(request));

/**
 * The task that this idempotency key made, undefined for a new key. Throws {@link ContractError} when the key came
 * with another request.
 */
export const taskOfKey = async (
  { db }: Services,
  { appId, idempotencyKey }: CreateContext,
  request: CreateTaskRequest,
): Promise<string | undefined> => {
  if (!idempotencyKey) return undefined;
  const row = await db
    .selectFrom('task')
    .select(['id', 'request_hash'])
    .where('app_id', '=', appId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  if (row && row.request_hash !== requestHash(request)) {
    throw parameterError(
      'Idempotency-Key',
      idempotencyKey,
      'a new key, because this one came with another request',
    );
  }
  return row?.id;
};

/** Makes a task and its job, together or not at all; the reply is the task's id. */
export const createTask = async (
  services: Services,
  context: CreateContext,
  request: CreateTaskRequest,
): Promise<string> => {
  const { appId } = context;
  const material = await requireMaterial(services, appId, request);
  const estimate = estimateOf(services.settings, request, material);
  const id = newId();
  const created = await services.db.transaction().execute(async (trx) => {
    await holdMaterial(trx, request);
    // Creates of one app come here one after another: counted at the same time, none would see the others.
    await lockApp(trx, appId);
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('task')
      .values({
        id,
        app_id: appId,
        video_file_id: request.video_file_id,
        audio_file_id: request.audio_file_id ?? null,
        request: JSON.stringify(request),
        status: TASK_STATUS.pending,
        video_key: null,
        cover_key: null,
        idempotency_key: context.idempotencyKey ?? null,
        request_hash: context.idempotencyKey ? requestHash(request) : null,
        trace_id: context.traceId,
        base_url: context.baseUrl,
        ended_at: null,
      })
      .onConflict((conflict) => conflict.columns(['app_id', 'idempotency_key']).doNothing())
      .executeTakeFirstOrThrow();
    // A repeated request costs nothing of any limit.
    if (numInsertedOrUpdatedRows !== 1n) return false;
    await countCall(trx, services.settings, appId, 'create');
    await requireFreePlace(trx, services.settings, appId);
    await requireRenderQuota(trx, appId, estimate);
    await noteUse(trx, appId, id, estimate.seconds);
    await services.jobs.enqueue(trx, 'render', { id, appId, data: { id }, cost: estimate.cost });
    return true;
  });
  // The same key came twice at once: the other one made the task.
  if (!created)
    return (await taskOfKey(services, context, request)) ?? createTask(services, context, request);
  services.log.info({ trace_id: context.traceId, task: id, app: appId, cost: estimate.cost }, 'task created');
  services.wake('render');
  return id;
};

/** Newest first. */
export const listTasks = async (
  services: Services,
  appId: string,
  { page, page_size: size }: ListTasksRequest,
  baseUrl: string,
): Promise<TaskPage> => {
  const { rows, total } = await services.reads.taskPage({ appId, page, size });
  return {
    list: rows.map((row) => taskView(services, row, baseUrl)),
    page_info: { page, size, total_count: total, total_page: Math.ceil(total / size) },
  };
};

/** How a task ended. */
export type TaskEnd =
  | {
      status: typeof TASK_STATUS.success;
      results: ResultKeys;
      /** Whether the words are known, so that there are subtitles. */
      hasSubtitles: boolean;
      durationMs: number;
      bytes: number;
    }
  | {
      status: typeof TASK_STATUS.failed;
      msg: string;
      /** As a literal name. */
      reason: string;
      /** The server is to blame: what was to be made does not count as made. */
      isOurs?: boolean;
    };

/** Ends an open task and announces it to its callback. False when it was over already. */
export const endTask = async (
  services: Services,
  trx: Database,
  id: string,
  end: TaskEnd,
): Promise<boolean> => {
  const result =
    end.status === TASK_STATUS.success
      ? {
          msg: 'success',
          progress: 100,
          video_key: end.results.videoKey,
          cover_key: end.results.coverKey,
          report_key: end.results.reportKey,
          subtitles_key: end.hasSubtitles ? end.results.subtitlesKey : null,
          duration_ms: end.durationMs,
          bytes: end.bytes,
        }
      : { msg: end.msg, reason: end.reason };
  // Before the task is locked: who settles one of these jobs holds that and waits for the task.
  await stopSegments(services, trx, id);
  const row = await trx
    .updateTable('task')
    .set({ ...result, status: end.status, ended_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('status', '<', TASK_STATUS.success)
    .returningAll()
    .executeTakeFirst();
  if (!row) return false;
  await noteDeletions(trx, otherResults(row, 'results' in end ? end.results : undefined));
  if (end.status === TASK_STATUS.success) await correctUse(trx, id, end.durationMs / 1000);
  else if (end.isOurs || row.starts === 0) await forgetUse(trx, id);
  services.log.info({ trace_id: row.trace_id, task: id, status: end.status, reason: row.msg }, 'task ends');
  if (row.request.callback) {
    await enqueueCallback(
      services,
      trx,
      row.app_id,
      row.request.callback,
      row.trace_id,
      taskView(services, row, row.base_url),
    );
  }
  return true;
};

/** Stops a task; one that is over stays as it is. */
export const cancelTask = async (services: Services, appId: string, id: string): Promise<TaskViewRow> => {
  await findTask(services, appId, id);
  await services.db.transaction().execute(async (trx) => {
    // First, as who begins or settles the job holds it and waits for the task. That of a task that is over is done.
    await services.jobs.cancel(trx, 'render', id);
    const msg = 'The task was cancelled by its owner.';
    await endTask(services, trx, id, { status: TASK_STATUS.failed, msg, reason: 'cancelled' });
  });
  services.abort('render', id);
  services.wake('callback');
  await carryOutDeletions(services);
  return findTask(services, appId, id);
};

/** Removes a task and its results; stops it first. */
export const deleteTask = async (services: Services, appId: string, id: string): Promise<void> => {
  await findTask(services, appId, id);
  await services.db.transaction().execute(async (trx) => {
    await services.jobs.cancel(trx, 'render', id);
    await stopSegments(services, trx, id);
    await trx.deleteFrom('delivery').where('task_id', '=', id).where('status', '=', 'pending').execute();
    const row = await trx
      .deleteFrom('task')
      .where('id', '=', id)
      .returning(['id', 'starts'])
      .executeTakeFirst();
    if (row) await noteDeletions(trx, otherResults(row));
    if (row?.starts === 0) await forgetUse(trx, id);
  });
  services.abort('render', id);
  await carryOutDeletions(services);
};
