import type { Database } from '../database/database.js';

/** A callback and each try to deliver it. */
export type DeliveryRecord = {
  id: string;
  appId: string;
  taskId: string;
  url: string;
  status: 'pending' | 'delivered' | 'failed' | 'stopped';
  createdAt: Date;
  tries: { number: number; at: Date; httpStatus: number | null; error: string; durationMs: number }[];
};

/** The newest deliveries first, of all apps or one, of all tasks or one. */
export const listDeliveries = async (
  db: Database,
  filter: {
    id?: string | undefined;
    appId?: string | undefined;
    taskId?: string | undefined;
    limit?: number | undefined;
    offset?: number | undefined;
  },
): Promise<DeliveryRecord[]> => {
  let query = db
    .selectFrom('delivery')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(filter.limit ?? 50)
    .offset(filter.offset ?? 0);
  if (filter.id) query = query.where('id', '=', filter.id);
  if (filter.appId) query = query.where('app_id', '=', filter.appId);
  if (filter.taskId) query = query.where('task_id', '=', filter.taskId);
  const deliveries = await query.execute();
  if (deliveries.length === 0) return [];
  const ids = deliveries.map((delivery) => delivery.id);
  const tries = await db
    .selectFrom('delivery_try')
    .selectAll()
    .where('delivery_id', 'in', ids)
    .orderBy('number')
    .execute();
  return deliveries.map((delivery) => ({
    id: `msg_${delivery.id}`,
    appId: delivery.app_id,
    taskId: delivery.task_id,
    url: delivery.url,
    status: delivery.status,
    createdAt: delivery.created_at,
    tries: tries
      .filter((entry) => entry.delivery_id === delivery.id)
      .map((entry) => ({
        number: entry.number,
        at: entry.tried_at,
        httpStatus: entry.http_status,
        error: entry.error,
        durationMs: entry.duration_ms,
      })),
  }));
};
