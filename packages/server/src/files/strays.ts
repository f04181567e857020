import type { Database } from '../database/database.js';
import type { Services } from '../services.js';

/** What is made is settled long before: after this time nobody will name it any more. */
const STRAY_MS = 86_400_000;
const AT_ONCE = 500;

const ID = /([0-9a-f]{32})\.[a-z0-9]+$/;

/** Those of the keys that the rows of their tasks and speeches name. */
const namedOf = async (db: Database, keys: readonly string[]): Promise<Set<string | null>> => {
  const ids = keys.map((key) => ID.exec(key)?.[1] ?? '');
  const tasks = await db
    .selectFrom('task')
    .select(['video_key', 'cover_key', 'report_key', 'subtitles_key'])
    .where('id', 'in', ids)
    .execute();
  const speeches = await db.selectFrom('speech').select('key').where('id', 'in', ids).execute();
  return new Set([...tasks, ...speeches].flatMap((row) => Object.values(row)));
};

/**
 * Removes results that no row names: of a server that lost its claim, stored its result all the same, and was killed before
 * it could take it back. Returns how many.
 */
export const removeStrays = async (
  { db, storage }: Services,
  olderThanMs: number = STRAY_MS,
): Promise<number> => {
  let removed = 0;
  const removeUnnamed = async (keys: readonly string[]): Promise<void> => {
    const named = keys.length > 0 ? await namedOf(db, keys) : new Set();
    for (const key of keys) {
      if (named.has(key)) continue;
      await storage.delete(key);
      removed += 1;
    }
  };
  for (const prefix of ['lip-sync/', 'speech/']) {
    const old: string[] = [];
    for await (const { key, modified } of storage.list(prefix)) {
      if (Date.now() - modified.getTime() >= olderThanMs) old.push(key);
      if (old.length === AT_ONCE) await removeUnnamed(old.splice(0));
    }
    await removeUnnamed(old);
  }
  return removed;
};
