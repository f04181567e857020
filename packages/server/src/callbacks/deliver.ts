import type { Selectable } from 'kysely';
import { Webhook } from 'standardwebhooks';
import type { DeliveryTable } from '../database/schema.js';
import { newId } from '../identifiers.js';
import type { Job } from '../queue/job-queue.js';
import { type Duty, performJob } from '../queue/perform-job.js';
import type { Services } from '../services.js';
import type { GuardedPost } from './guarded-request.js';

type Delivery = Selectable<DeliveryTable>;
type SignedDelivery = Delivery & { readonly callback_secret: string };

/** Seconds before each further try: 8 tries over a day. */
export const RETRY_SECONDS: readonly number[] = [10, 60, 300, 1800, 7200, 21_600, 54_000];

/** The receiver says that it wants no more of this. */
const GONE = 410;

type Try = { status: number | null; error: string; durationMs: number };

const attempt = async (post: GuardedPost, delivery: Delivery, secret: string): Promise<Try> => {
  const begin = Date.now();
  const now = new Date();
  const id = `msg_${delivery.id}`;
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'chanjing-avatar',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, delivery.body),
  };
  try {
    const { status } = await post(delivery.url, delivery.body, headers);
    return { status, error: '', durationMs: Date.now() - begin };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { status: null, error: message || code || String(error), durationMs: Date.now() - begin };
  }
};

const outcomeOf = (tried: Try, number: number): 'delivered' | 'stopped' | 'failed' | 'again' => {
  if (tried.status !== null && tried.status >= 200 && tried.status < 300) return 'delivered';
  if (tried.status === GONE) return 'stopped';
  return number > RETRY_SECONDS.length ? 'failed' : 'again';
};

const dutyOf = ({ jobs }: Services, post: GuardedPost): Duty<SignedDelivery, Try> => ({
  begin: (trx, { data }) =>
    trx
      .selectFrom('delivery')
      .innerJoin('app', 'app.id', 'delivery.app_id')
      .selectAll('delivery')
      .select('app.callback_secret')
      .where('delivery.id', '=', data.id)
      .where('delivery.status', '=', 'pending')
      .executeTakeFirst(),
  work: (delivery) => attempt(post, delivery, delivery.callback_secret),
  endAfterFailure: async (_delivery, failure) => {
    throw failure;
  },
  settle: async (trx, delivery, tried, { data }) => {
    const number = data.number!;
    await trx
      .insertInto('delivery_try')
      .values({
        delivery_id: delivery.id,
        number,
        http_status: tried.status,
        error: tried.error,
        duration_ms: tried.durationMs,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const outcome = outcomeOf(tried, number);
    if (outcome !== 'again') {
      await trx.updateTable('delivery').set({ status: outcome }).where('id', '=', delivery.id).execute();
      return true;
    }
    await jobs.enqueue(trx, 'callback', {
      id: newId(),
      appId: delivery.app_id,
      data: { id: delivery.id, number: number + 1 },
      delaySeconds: RETRY_SECONDS[number - 1]!,
    });
    return true;
  },
});

/** Tries a delivery once; what comes next is written down with the try. */
export const deliverCallback = (
  services: Services,
  post: GuardedPost,
  job: Job,
  signal: AbortSignal,
): Promise<void> => performJob(services, job, signal, dutyOf(services, post));
