import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, isDatabaseAway, type OpenPool, openDatabase } from './database/database.js';
import { lockDatabase } from './database/database-lock.js';
import { type Connection, runningConnection, startEmbeddedPostgres } from './database/embedded-postgres.js';
import { lockDataDirectory } from './database/instance-lock.js';
import { retryRead } from './database/retry-while-away.js';
import { trueName } from './database/socket-directory.js';
import { unprivilegedLauncher } from './database/unprivileged.js';
import { DataDirectoryInUseError } from './errors/data-directory-in-use-error.js';
import { DatabaseUnreachableError } from './errors/database-unreachable-error.js';
import { closeToOthers } from './private-directory.js';
import type { Settings } from './settings.js';

/** A database that is open, and how to close what was opened for it. */
export type OpenDatabase = OpenPool & { close(): Promise<void> };

type Place = Pick<Settings, 'dataDir' | 'databaseUrl'>;

/** @property isShared whether other servers use the database too */
type Opening = { readonly isShared?: boolean };

const CLOSE_MS = 5000;

const ignore = (): void => {};

/** Codes of the system, and SQLSTATEs of refused users and missing databases. */
const NOT_LET_IN = /^(E[A-Z]+|28...|3D000)$/;

/** Throws {@link DatabaseUnreachableError} for what keeps us out. */
const reach = async <Result>(place: Place, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (!isDatabaseAway(error) && !NOT_LET_IN.test(code)) throw error;
    throw new DatabaseUnreachableError(place, error);
  }
};

/** The database of a server: its data directory is locked, the embedded PostgreSQL runs. */
export const openServerDatabase = async (
  place: Place,
  onError: (error: Error) => void,
  { isShared = false }: Opening = {},
): Promise<OpenDatabase> => {
  const { dataDir, databaseUrl } = place;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  closeToOthers(trueName(dataDir), !databaseUrl && unprivilegedLauncher().owner !== undefined);
  let closing = false;
  const complain = (error: Error): void => {
    if (!closing) onError(error);
  };
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    closing = true;
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    const lock = await lockDataDirectory(dataDir);
    closers.push(lock.release);
    let connection: Connection = { connectionString: databaseUrl };
    if (databaseUrl) {
      const held = await reach(place, () => lockDatabase(databaseUrl, isShared, complain));
      closers.push(held.release);
    } else {
      const embedded = await startEmbeddedPostgres(dataDir);
      closers.push(embedded.stop);
      ({ connection } = embedded);
    }
    const opened = await openDatabase(connection, complain, { acceptNewer: isShared });
    // A statement that never ends must not keep the server from ending; its session ends with the database.
    closers.push(() => Promise.race([opened.db.destroy(), sleep(CLOSE_MS, undefined, { ref: false })]));
    return { ...opened, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const join = async (place: Place): Promise<OpenDatabase> => {
  const connection = (): Connection =>
    place.databaseUrl ? { connectionString: place.databaseUrl } : runningConnection(place.dataDir);
  // Its server may be starting, or its database coming back.
  const opened = await reach(place, () =>
    retryRead(() => openDatabase(connection(), ignore, { acceptNewer: true })),
  );
  return { ...opened, close: () => opened.db.destroy() };
};

/** The same database for a short visit, whether its server runs or not. */
export const visitDatabase = async <Result>(
  place: Place,
  visit: (db: Database) => Promise<Result>,
): Promise<Result> => {
  const opened = place.databaseUrl
    ? await join(place)
    : await openServerDatabase(place, ignore).catch((error) => {
        if (error instanceof DataDirectoryInUseError) return join(place);
        throw error;
      });
  try {
    return await visit(opened.db);
  } finally {
    await opened.close();
  }
};
