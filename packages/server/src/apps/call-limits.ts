import { CODE, type RateLimit } from '@chanjing-avatar/protocol';
import ipaddr from 'ipaddr.js';
import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import { ContractError } from '../errors/contract-error.js';
import type { Settings } from '../settings.js';

const WINDOW_SECONDS = 60;

const limitOf = (settings: Settings, kind: RateLimit): number =>
  ({
    file: settings.fileCallsPerMinute,
    create: settings.createsPerMinute,
    speech: settings.speechCreatesPerMinute,
  })[kind];

/** Calls that count: of the last minute, and none of the future, where a clock that was set back has put them. */
const counting = sql`call > clock_timestamp() - make_interval(secs => ${WINDOW_SECONDS})
  and call < clock_timestamp() + interval '1 second'`;

/** Seconds until the oldest of the calls that count is a minute old. */
const secondsToWait = async (db: Database, key: string, limit: number): Promise<number> => {
  const { rows } = await sql<{ wait: number }>`
    select ceil(extract(epoch from calls[array_length(calls, 1) - ${limit} + 1]) + ${WINDOW_SECONDS}
      - extract(epoch from clock_timestamp()))::int as wait
    from recent_call where key = ${key}`.execute(db);
  return Math.min(WINDOW_SECONDS, Math.max(1, rows[0]?.wait ?? 1));
};

/** Counts under a key: at most so many in any 60 seconds, exact across servers. False when it is one too many. */
const count = async (db: Database, key: string, limit: number): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    insert into recent_call (key, calls) values (${key}, array[clock_timestamp()])
    on conflict (key) do update set calls = (
      select coalesce(array_agg(call order by call), '{}'::timestamptz[]) || clock_timestamp()
      from unnest(recent_call.calls) as call where ${counting}
    )
    where (select count(*) from unnest(recent_call.calls) as call where ${counting}) < ${limit}`.execute(db);
  return numAffectedRows === 1n;
};

/**
 * Counts a call of an app; in a transaction, it counts only when that is committed. Throws {@link ContractError} with the
 * seconds to wait. Refused calls do not count.
 */
export const countCall = async (
  db: Database,
  settings: Settings,
  appId: string,
  kind: RateLimit,
): Promise<void> => {
  const limit = limitOf(settings, kind);
  const key = `${kind} ${appId}`;
  if (await count(db, key, limit)) return;
  const wait = await secondsToWait(db, key, limit);
  const msg = `more than ${limit} calls of this kind in a minute; try again in ${wait} s`;
  throw new ContractError(CODE.rateLimited, msg, wait);
};

/** One network for whoever has it: single addresses of IPv6 cost nothing. */
const networkOf = (address: string): string => {
  const ip = ipaddr.process(address);
  if (ip.kind() === 'ipv4') return ip.toString();
  return ip.toByteArray().slice(0, 8).join('.');
};

/**
 * Counts a wrong pair of app_id and secret_key from an address. Throws {@link ContractError} when there were too many. A
 * right pair is never refused, so nobody can lock out others behind the same address.
 */
export const countWrongPair = async (
  db: Database,
  { wrongPairsPerMinute: limit }: Settings,
  address: string,
): Promise<void> => {
  const key = `wrong ${networkOf(address)}`;
  if (await count(db, key, limit)) return;
  const wait = await secondsToWait(db, key, limit);
  const msg = `more than ${limit} wrong pairs of app_id and secret_key from your address in a minute; try again in ${wait} s`;
  throw new ContractError(CODE.rateLimited, msg, wait);
};
