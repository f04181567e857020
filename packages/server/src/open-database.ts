import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, type OpenPool, openDatabase } from './database/database.js';
import { type Connection, embeddedConnection, startEmbeddedPostgres } from './database/embedded-postgres.js';
import { type InstanceLock, lockDataDirectory } from './database/instance-lock.js';
import { readPatiently } from './database/patiently.js';
import { DataDirectoryInUseError } from './errors/data-directory-in-use-error.js';
import type { Settings } from './settings.js';

/** A database that is open, and how to close what was opened for it. */
export type OpenDatabase = OpenPool & { close(): Promise<void> };

type Place = Pick<Settings, 'dataDir' | 'databaseUrl'>;

const CLOSE_MS = 5000;

const ignore = (): void => {};

/** The database of a server: its data directory is locked, the embedded PostgreSQL runs. */
export const openServerDatabase = async (
  { dataDir, databaseUrl }: Place,
  onError: (error: Error) => void,
): Promise<OpenDatabase> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock: InstanceLock = await lockDataDirectory(dataDir);
  try {
    const embedded = databaseUrl ? undefined : await startEmbeddedPostgres(dataDir);
    const connection = embedded?.connection ?? { connectionString: databaseUrl };
    let closing = false;
    const opened = await openDatabase(connection, (error) => {
      if (!closing) onError(error);
    });
    return {
      ...opened,
      close: async () => {
        closing = true;
        // A statement that never ends must not keep the server from ending; its session ends with the database.
        await Promise.race([opened.db.destroy(), sleep(CLOSE_MS, undefined, { ref: false })]);
        await embedded?.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

const join = async (connection: Connection): Promise<OpenDatabase> => {
  // Its server may be starting, or its database coming back.
  const opened = await readPatiently(() => openDatabase(connection, ignore));
  return { ...opened, close: () => opened.db.destroy() };
};

/** The same database for a short visit, whether its server runs or not. */
export const visitDatabase = async <Result>(
  place: Place,
  visit: (db: Database) => Promise<Result>,
): Promise<Result> => {
  const opened = place.databaseUrl
    ? await join({ connectionString: place.databaseUrl })
    : await openServerDatabase(place, ignore).catch((error) => {
        if (error instanceof DataDirectoryInUseError) return join(embeddedConnection(place.dataDir));
        throw error;
      });
  try {
    return await visit(opened.db);
  } finally {
    await opened.close();
  }
};
