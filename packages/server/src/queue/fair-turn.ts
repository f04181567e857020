import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import type { QueueName } from './job-queue.js';

// Start-time fair queueing (Goyal et al. 1996): each job gets a turn number, behind the app's earlier jobs by what they
// cost, but never behind the turn the queue is at. An app with a hundred waiting jobs, or one that takes an hour, then
// delays another app's first job by one job, not by all that. The row of an app holds the turn of its next job, the row
// with an empty app id the turn the queue is at.

/** The turn number of an app's next job. */
export const nextTurn = async (
  trx: Database,
  queue: QueueName,
  appId: string,
  cost: number,
): Promise<number> => {
  const { rows } = await sql<{ turn: number }>`
    with clock as (
      select coalesce((select turn from queue_turn where queue = ${queue} and app_id = ''), 0) as turn
    )
    insert into queue_turn (queue, app_id, turn) select ${queue}, ${appId}, clock.turn + ${cost}::int from clock
    on conflict (queue, app_id) do update
      set turn = greatest(queue_turn.turn, excluded.turn - ${cost}::int) + ${cost}::int
    returning turn - ${cost}::int as turn`.execute(trx);
  return rows[0]!.turn;
};

/** Notes that a job of this turn has begun. */
export const passTurn = async (trx: Database, queue: QueueName, turn: number): Promise<void> => {
  await sql`
    insert into queue_turn (queue, app_id, turn) values (${queue}, '', ${turn})
    on conflict (queue, app_id) do update set turn = greatest(queue_turn.turn, excluded.turn)`.execute(trx);
};
