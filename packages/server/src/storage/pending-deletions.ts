import type { Database } from '../database/database.js';
import type { Services } from '../services.js';

/**
 * Notes objects that nothing refers to any more, in the transaction that lets go of them (a transactional outbox, table
 * `doomed_object`): a server that is killed before it deletes them does so at its next sweep.
 */
export const noteDeletions = async (trx: Database, keys: readonly string[]): Promise<void> => {
  if (keys.length === 0) return;
  await trx
    .insertInto('doomed_object')
    .values(keys.map((key) => ({ key })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

/** Deletes the noted objects; what cannot be deleted now is tried again at the next sweep. */
export const carryOutDeletions = async ({
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
