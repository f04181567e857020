import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { startPostgres } from '../testing/shared-parts.js';
import { openDatabase } from './database.js';

it('works with the tables of a newer release only where that may be beside it', async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-migrate-'));
  const postgres = await startPostgres(directory);
  const open = (acceptNewer: boolean) =>
    openDatabase({ connectionString: postgres.databaseUrl }, () => {}, { acceptNewer });
  const first = await open(true);
  await sql`insert into kysely_migration values ('999-of-the-next-release', '2030-01-01T00:00:00Z')`.execute(
    first.db,
  );
  await first.db.destroy();
  const second = await open(true);
  expect(await second.db.selectFrom('app').selectAll().execute()).toEqual([]);
  await second.db.destroy();
  await expect(open(false)).rejects.toThrow('999-of-the-next-release');
  await postgres.stop();
  await rm(directory, { recursive: true });
});
