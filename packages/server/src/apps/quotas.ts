import { CODE, FILE_STATUS } from '@chanjing-avatar/protocol';
import { type Selectable, sql } from 'kysely';
import type { Database } from '../database/database.js';
import type { AppTable } from '../database/schema.js';
import { ContractError } from '../errors/contract-error.js';
import { isLive } from '../storage/room.js';

/** What an app may use; null for no bound of its own. */
export type Quotas = {
  /** Bytes of uploads, results and speech that are kept. */
  storageBytes: number | null;
  /** Minutes of video made in any 24 hours. */
  renderMinutesADay: number | null;
  /** Pixels of one picture of a result. */
  pixels: number | null;
};

const DAY_SECONDS = 86_400;

type QuotaColumns = Pick<Selectable<AppTable>, 'storage_limit' | 'render_seconds_limit' | 'pixels_limit'>;

export const quotasOf = (row: QuotaColumns): Quotas => ({
  storageBytes: row.storage_limit,
  renderMinutesADay: row.render_seconds_limit === null ? null : row.render_seconds_limit / 60,
  pixels: row.pixels_limit,
});

/** What is counted for one app waits here for each other until its transaction ends: at once, none would see the others. */
export const lockApp = (trx: Database, appId: string): Promise<QuotaColumns> =>
  trx
    .selectFrom('app')
    .select(['storage_limit', 'render_seconds_limit', 'pixels_limit'])
    .where('id', '=', appId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();

const lockedQuotas = async (trx: Database, appId: string): Promise<Quotas> =>
  quotasOf(await lockApp(trx, appId));

const reached = (msg: string): ContractError => new ContractError(CODE.quotaReached, msg);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Bytes that an app keeps: uploads that are there or coming, results, speech. */
const storedBytes = async (db: Database, appId: string): Promise<number> => {
  const { rows } = await sql<{ bytes: number }>`
    select (
      (select coalesce(sum(size), 0) from file where app_id = ${appId}
        and status not in (${FILE_STATUS.deleted}, ${FILE_STATUS.purged}))
      + (select coalesce(sum(bytes), 0) from upload where app_id = ${appId} and ${isLive})
      + (select coalesce(sum(bytes), 0) from task where app_id = ${appId})
      + (select coalesce(sum(bytes), 0) from speech where app_id = ${appId})
    )::float8 as bytes`.execute(db);
  return rows[0]!.bytes;
};

const refuseOverStorage = async (
  trx: Database,
  appId: string,
  { storageBytes: limit }: Quotas,
  bytes: number,
): Promise<void> => {
  if (limit === null) return;
  const kept = await storedBytes(trx, appId);
  if (kept + bytes <= limit) return;
  throw reached(
    `your files and results take ${megabytes(kept)} of ${megabytes(limit)}, and ${megabytes(bytes)} more do not fit: delete some`,
  );
};

/** Throws {@link ContractError} when so many more bytes are more than the app may keep. */
export const requireStorage = async (trx: Database, appId: string, bytes: number): Promise<void> =>
  refuseOverStorage(trx, appId, await lockedQuotas(trx, appId), bytes);

type Wish = { readonly width: number; readonly height: number; readonly seconds: number };

/**
 * Throws {@link ContractError} when the app may not make such a video, or no more of them today. Holds the app's row
 * until the transaction ends.
 */
export const requireRenderQuota = async (trx: Database, appId: string, wish: Wish): Promise<void> => {
  const quotas = await lockedQuotas(trx, appId);
  const { pixels, renderMinutesADay } = quotas;
  if (pixels !== null && wish.width * wish.height > pixels) {
    throw reached(
      `screen_width and screen_height: ${wish.width}x${wish.height} is ${wish.width * wish.height} pixels, this app may make ${pixels}`,
    );
  }
  // Results are small beside what they are made of: it is enough that there is room left.
  await refuseOverStorage(trx, appId, quotas, 1);
  if (renderMinutesADay === null) return;
  const { seconds } = await trx
    .selectFrom('render_use')
    .select((select) => select.fn.coalesce(select.fn.sum<number>('seconds'), sql<number>`0`).as('seconds'))
    .where('app_id', '=', appId)
    .where('used_at', '>', sql<Date>`now() - make_interval(secs => ${DAY_SECONDS})`)
    .executeTakeFirstOrThrow();
  if (Number(seconds) + wish.seconds <= renderMinutesADay * 60) return;
  const made = (Number(seconds) / 60).toFixed(1);
  const wanted = (wish.seconds / 60).toFixed(1);
  throw reached(
    `${made} minutes of video were made in 24 hours and about ${wanted} more are wanted, this app may make ${renderMinutesADay}: try again tomorrow`,
  );
};
