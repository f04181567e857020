import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ServerError } from '../errors/server-error.js';
import type { InstanceLock } from './instance-lock.js';

/** Any number that nobody else on the database takes for a lock of its own. */
const LOCK = 7_236_150_417;
/** The session of a server that was killed is gone after a moment. */
const WAIT_MS = 3000;
const PAUSE_MS = 200;
const RETAKE_MS = 5000;

type Session = { readonly client: pg.Client; readonly holds: boolean };

const openSession = async (connectionString: string, isShared: boolean): Promise<Session> => {
  const client = new pg.Client({ connectionString, keepAlive: true, connectionTimeoutMillis: 10_000 });
  // Its end is noticed by 'end'.
  client.on('error', () => {});
  await client.connect();
  // So that the database notices within a minute when this machine is gone.
  await client.query(
    'set tcp_keepalives_idle = 20; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3',
  );
  const lock = isShared ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
  const { rows } = await client.query(`select ${lock}($1) as holds`, [LOCK]);
  return { client, holds: rows[0].holds as boolean };
};

const take = async (connectionString: string, isShared: boolean): Promise<pg.Client | undefined> => {
  const { client, holds } = await openSession(connectionString, isShared);
  if (holds) return client;
  await client.end();
  return undefined;
};

/**
 * Makes this process the only server on a database of one's own: uploads are in one server's data directory, so another
 * server could not do the tasks it would take. Servers that share storage share the lock. It lives as long as its
 * session; a session that is cut is opened again. Throws {@link ServerError}.
 */
export const lockDatabase = async (
  connectionString: string,
  isShared: boolean,
  onError: (error: Error) => void,
): Promise<InstanceLock> => {
  const end = Date.now() + WAIT_MS;
  let held = await take(connectionString, isShared);
  while (!held && Date.now() < end) {
    await sleep(PAUSE_MS);
    held = await take(connectionString, isShared);
  }
  if (!held) {
    throw new ServerError('database-in-use', {
      wrong: isShared
        ? 'A chanjing-avatar server that keeps files in its data directory uses this database.'
        : 'Another chanjing-avatar server uses this database.',
      expected: 'One database belongs to one server with its data directory, or to servers that share S3.',
      remedy: 'Stop that server, or give this one another database with DATABASE_URL.',
    });
  }
  let released = false;

  const retakeWhenCut = (client: pg.Client): void => {
    client.once('end', async () => {
      while (!released) {
        await sleep(RETAKE_MS, undefined, { ref: false });
        if (released) return;
        held = await take(connectionString, isShared).catch(() => undefined);
        if (held) return retakeWhenCut(held);
        onError(
          new Error('the lock of the database is not held: it is away, or another server has taken it'),
        );
      }
    });
  };
  retakeWhenCut(held);
  return {
    release: async () => {
      released = true;
      await held?.end().catch(() => {});
    },
  };
};
