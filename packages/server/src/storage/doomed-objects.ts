import type { Database } from '../database/database.js';
import type { Services } from '../services.js';

/**
 * Notes objects that nothing refers to any more, in the transaction that lets go of them: a server that is killed
 * before it removes them does so at its next sweep.
 */
export const doom = async (trx: Database, keys: readonly string[]): Promise<void> => {
  if (keys.length === 0) return;
  await trx
    .insertInto('doomed_object')
    .values(keys.map((key) => ({ key })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

/** Removes doomed objects; what cannot be removed now is tried again at the next sweep. */
export const removeDoomed = async ({
  db,
  storage,
  log,
}: Pick<Services, 'db' | 'storage' | 'log'>): Promise<void> => {
  try {
    const rows = await db.selectFrom('doomed_object').select('key').execute();
    for (const { key } of rows) {
      await storage.delete(key);
      await db.deleteFrom('doomed_object').where('key', '=', key).execute();
    }
  } catch (error) {
    log.warn({ error: String(error) }, 'could not remove what is no longer needed');
  }
};
