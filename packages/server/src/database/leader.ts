import { sql } from 'kysely';
import type { Database } from './database.js';

/** First half of the advisory locks of what one server at a time does; the second half says what. */
const LEADER_LOCK = 4244;

/** What one server at a time does. */
export type LeaderDuty = 'sweep' | 'tidy';

const NUMBERS: Readonly<Record<LeaderDuty, number>> = { sweep: 0, tidy: 1 };

/**
 * Does it unless another server does it now. The lock belongs to a session: it ends with its server. When only the session
 * ends, a second server may begin meanwhile, so the work must bear that.
 */
export const asLeader = (db: Database, duty: LeaderDuty, work: () => Promise<void>): Promise<void> =>
  db.connection().execute(async (session) => {
    const number = NUMBERS[duty];
    const { rows } = await sql<{ holds: boolean }>`
      select pg_try_advisory_lock(${LEADER_LOCK}, ${number}) as holds`.execute(session);
    if (!rows[0]?.holds) return;
    try {
      await work();
    } finally {
      await sql`select pg_advisory_unlock(${LEADER_LOCK}, ${number})`.execute(session);
    }
  });
