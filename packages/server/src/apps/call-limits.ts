import { CODE, type RateLimit } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import { ContractError } from '../errors/contract-error.js';
import type { Settings } from '../settings.js';

const WINDOW_SECONDS = 60;

const limitOf = (settings: Settings, kind: RateLimit): number =>
  kind === 'file' ? settings.fileCallsPerMinute : settings.createsPerMinute;

/** Seconds until the oldest of the calls that count is a minute old. */
const secondsToWait = async (db: Database, key: string, limit: number): Promise<number> => {
  const { rows } = await sql<{ wait: number }>`
    select ceil(extract(epoch from calls[array_length(calls, 1) - ${limit} + 1]) + ${WINDOW_SECONDS}
      - extract(epoch from clock_timestamp()))::int as wait
    from recent_call where key = ${key}`.execute(db);
  return Math.min(WINDOW_SECONDS, Math.max(1, rows[0]?.wait ?? 1));
};

/**
 * Counts a call: at most so many of one kind and app in any 60 seconds, exact across servers. Throws
 * {@link ContractError} with the seconds to wait. Refused calls do not count.
 */
export const countCall = async (
  db: Database,
  settings: Settings,
  appId: string,
  kind: RateLimit,
): Promise<void> => {
  const limit = limitOf(settings, kind);
  const key = `${kind} ${appId}`;
  const { numAffectedRows } = await sql`
    insert into recent_call (key, calls) values (${key}, array[clock_timestamp()])
    on conflict (key) do update set calls = (
      select array_agg(call order by call) || clock_timestamp() from unnest(recent_call.calls) as call
      where call > clock_timestamp() - make_interval(secs => ${WINDOW_SECONDS})
    )
    where (
      select count(*) from unnest(recent_call.calls) as call
      where call > clock_timestamp() - make_interval(secs => ${WINDOW_SECONDS})
    ) < ${limit}`.execute(db);
  if (numAffectedRows === 1n) return;
  const wait = await secondsToWait(db, key, limit);
  const msg = `more than ${limit} calls of this kind in a minute; try again in ${wait} s`;
  throw new ContractError(CODE.rateLimited, msg, wait);
};
