import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Services } from '../services.js';

const RENEW_MS = 5000;
/** A process that was not heard of for so long is no more. */
const LAPSED_SECONDS = 20;

/** Tells the others how many renders this process does at the same time; returns how to stop. */
export const offerPlaces = ({ db, log }: Services, places: number): (() => Promise<void>) => {
  const process = randomUUID();
  const renew = (): Promise<unknown> =>
    db
      .insertInto('render_place')
      .values({ process, places, renewed_at: sql<Date>`clock_timestamp()` })
      .onConflict((conflict) =>
        conflict.column('process').doUpdateSet((set) => ({ renewed_at: set.ref('excluded.renewed_at') })),
      )
      .execute()
      .catch((error) => log.warn({ error: String(error) }, 'could not tell that renders are done here'));
  let last = renew();
  const timer = setInterval(() => {
    last = renew();
  }, RENEW_MS);
  return async () => {
    clearInterval(timer);
    await last;
    // If that fails, the places lapse.
    await db
      .deleteFrom('render_place')
      .where('process', '=', process)
      .execute()
      .catch(() => {});
  };
};

/** Places for renders of all processes that are not taken. The caller's own job counts as a taken one. */
export const freePlaces = async ({ db, jobs }: Pick<Services, 'db' | 'jobs'>): Promise<number> => {
  const { rows } = await sql<{ places: number }>`
    select coalesce(sum(places), 0)::int as places from render_place
    where abs(extract(epoch from clock_timestamp() - renewed_at)) <= ${LAPSED_SECONDS}`.execute(db);
  return Math.max(0, rows[0]!.places - ((await jobs.depths()).get('render')?.running ?? 0));
};
