import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Connection } from './embedded-postgres.js';
import { migrate } from './migrate.js';
import type { Tables } from './schema.js';

export type Database = Kysely<Tables>;

/** bigint columns (sizes of files, counts) stay far below 2^53: read them as numbers, in this pool only. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
};

/** A database with the pool behind it, for pg-boss, which writes its own SQL. */
export type OpenPool = { readonly db: Database; readonly pool: pg.Pool };

/** The database lets go of a server that is silent in the middle of a transaction, or no longer there. */
const SESSION = `
  set idle_in_transaction_session_timeout = '15s'; set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5;
  set tcp_keepalives_count = 3; set tcp_user_timeout = '20s'`;

/**
 * Opens a pool and brings the tables up to date.
 *
 * @property acceptNewer whether the tables may be those of a newer release
 */
export const openDatabase = async (
  connection: Connection,
  onError: (error: Error) => void,
  { acceptNewer = false }: { readonly acceptNewer?: boolean } = {},
): Promise<OpenPool> => {
  const pool = new pg.Pool({
    ...connection,
    max: 20,
    types,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    onConnect: async (client) => void (await client.query(SESSION)),
  });
  pool.on('error', onError);
  // The pool listens to idle connections only; one that is cut while in use would end the process otherwise. Its
  // query fails anyway, which is how the user of the connection hears of it.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, acceptNewer);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, pool };
};

/** SQLSTATE classes and codes of a database that is away for a moment: restarting, stopping, connection cut. */
const AWAY = /^(08...|57P0[123]|25P03|53300)$|^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/;

/** True when the same statement may succeed in a moment because the database is coming back. */
export const isDatabaseAway = (error: unknown): boolean => {
  const { code, message } = error as { code?: string; message?: string };
  return (
    (code !== undefined && AWAY.test(code)) ||
    /Connection terminated|timeout exceeded when trying/.test(message ?? '')
  );
};
