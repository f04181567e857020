import type { Delivery, DeliveryPage, ListDeliveriesRequest } from '@chanjing-avatar/protocol';
import { parameterError } from '../errors/contract-error.js';
import { newId } from '../identifiers.js';
import type { Services } from '../services.js';
import { type DeliveryRecord, listDeliveries } from './delivery-log.js';

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

const deliveryView = (record: DeliveryRecord): Delivery => ({
  id: record.id,
  task_id: record.taskId,
  url: record.url,
  status: record.status,
  create_time: seconds(record.createdAt),
  tries: record.tries.map(({ number, at, httpStatus, error, durationMs }) => ({
    number,
    time: seconds(at),
    http_status: httpStatus,
    error,
    duration_ms: durationMs,
  })),
});

/** An app's callbacks with each try, newest first. */
export const deliveryPage = async (
  { db }: Services,
  appId: string,
  { page, page_size: size, task_id: taskId }: ListDeliveriesRequest,
): Promise<DeliveryPage> => {
  let all = db.selectFrom('delivery').where('app_id', '=', appId);
  if (taskId) all = all.where('task_id', '=', taskId);
  const { total } = await all
    .select((select) => select.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const records = await listDeliveries(db, { appId, taskId, limit: size, offset: (page - 1) * size });
  return {
    list: records.map(deliveryView),
    page_info: { page, size, total_count: total, total_page: Math.ceil(total / size) },
  };
};

/**
 * Sends a callback again, with the same id and body, after the tries that it has had. Throws {@link ContractError} for one
 * that is not there, or is still being tried.
 */
export const resendDelivery = async (
  services: Services,
  appId: string,
  webhookId: string,
): Promise<Delivery> => {
  const { db, jobs } = services;
  const id = webhookId.replace(/^msg_/, '');
  const delivery = await db
    .selectFrom('delivery')
    .select(['id', 'status'])
    .where('id', '=', id)
    .where('app_id', '=', appId)
    .executeTakeFirst();
  if (!delivery) {
    throw parameterError('id', webhookId, 'the webhook-id of one of your callbacks: no such was found');
  }
  await db.transaction().execute(async (trx) => {
    const again = await trx
      .updateTable('delivery')
      .set({ status: 'pending' })
      .where('id', '=', id)
      .where('status', '!=', 'pending')
      .returning('id')
      .executeTakeFirst();
    if (!again) {
      throw parameterError('id', webhookId, 'a callback that has ended: this one is still being tried');
    }
    const { last } = await trx
      .selectFrom('delivery_try')
      .select((select) => select.fn.max('number').as('last'))
      .where('delivery_id', '=', id)
      .executeTakeFirstOrThrow();
    const number = Number(last ?? 0) + 1;
    await jobs.enqueue(trx, 'callback', { id: newId(), appId, data: { id, number } });
  });
  services.wake('callback');
  const [record] = await listDeliveries(db, { appId, id });
  return deliveryView(record!);
};
