import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { MIGRATIONS } from './migrations.js';

/** Names of the steps that were made already. */
const stepsMade = async <Tables>(db: Kysely<Tables>): Promise<string[]> => {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(db);
  if (!rows[0]?.there) return [];
  return (await sql<{ name: string }>`select name from kysely_migration`.execute(db)).rows.map(
    ({ name }) => name,
  );
};

/** A step of a newer release is made already: nothing of it is left to do. */
const MADE: Migration = { up: async () => {} };

/**
 * Brings the tables up to date.
 *
 * @param acceptNewer whether the tables may be those of a newer release: while a release is rolled out, a process of the last
 *   one may start again. Each release leaves what the last one needs, see docs/scaling.md.
 */
export const migrate = async <Tables>(db: Kysely<Tables>, acceptNewer: boolean): Promise<void> => {
  const last = Object.keys(MIGRATIONS).at(-1)!;
  const newer = acceptNewer ? (await stepsMade(db)).filter((name) => name > last) : [];
  const steps = { ...MIGRATIONS, ...Object.fromEntries(newer.map((name) => [name, MADE])) };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => steps } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
};
