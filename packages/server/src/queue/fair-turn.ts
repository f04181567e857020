import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import type { QueueName } from './job-queue.js';

// Start-time fair queueing (Goyal et al. 1996): each job gets a turn number, one after the app's last turn but never
// behind the turn the queue is at. An app with a hundred waiting jobs then delays another app's first job by one job
// of each app, not by a hundred. The row with an empty app id is the turn the queue is at.

/** The turn number of an app's next job. */
export const nextTurn = async (trx: Database, queue: QueueName, appId: string): Promise<number> => {
  const { rows } = await sql<{ turn: number }>`
    with clock as (
      select coalesce((select turn from queue_turn where queue = ${queue} and app_id = ''), 0) as turn
    )
    insert into queue_turn (queue, app_id, turn) select ${queue}, ${appId}, clock.turn + 1 from clock
    on conflict (queue, app_id) do update set turn = greatest(queue_turn.turn + 1, excluded.turn)
    returning turn`.execute(trx);
  return rows[0]!.turn;
};

/** Notes that a job of this turn has begun. */
export const passTurn = async (trx: Database, queue: QueueName, turn: number): Promise<void> => {
  await sql`
    insert into queue_turn (queue, app_id, turn) values (${queue}, '', ${turn})
    on conflict (queue, app_id) do update set turn = greatest(queue_turn.turn, excluded.turn)`.execute(trx);
};
