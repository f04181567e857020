import type { Envelope, Task } from '@chanjing-avatar/protocol';
import { CODE } from '@chanjing-avatar/protocol';
import type { Database } from '../database/database.js';
import { parameterError } from '../errors/contract-error.js';
import { newId } from '../identifiers.js';
import type { Services } from '../services.js';
import { refuseForbiddenUrl } from './guarded-request.js';

/** Throws {@link ContractError} for a callback URL that could never be called. */
export const refuseHostileUrl = (url: string, allowedRanges: readonly string[]): void => {
  try {
    refuseForbiddenUrl(url, allowedRanges);
  } catch {
    const expected =
      'an address on the public internet; the operator can allow private ranges with CALLBACK_ALLOW';
    throw parameterError('callback', url, expected);
  }
};

/** Announces the end of a task, in the transaction that ends it. The body is fixed now: each try sends the same. */
export const enqueueCallback = async (
  { jobs }: Services,
  trx: Database,
  appId: string,
  url: string,
  traceId: string,
  task: Task,
): Promise<void> => {
  const body: Envelope<Task> = { trace_id: traceId, code: CODE.success, msg: 'success', data: task };
  const id = newId();
  await trx
    .insertInto('delivery')
    .values({ id, app_id: appId, task_id: task.id, url, body: JSON.stringify(body) })
    .execute();
  await jobs.enqueue(trx, 'callback', { id: newId(), appId, data: { id, number: 1 } });
};
