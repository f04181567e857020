import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { rename, rm, truncate } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { DatabaseStartError } from '../errors/database-start-error.js';
import { postgresBinaries } from './postgres-binaries.js';
import type { Launcher } from './unprivileged.js';
import { endWithParent, unprivilegedLauncher } from './unprivileged.js';

/** How to reach a database. */
export type Connection = { host: string; user: string; database: string } | { connectionString: string };

export type EmbeddedPostgres = {
  readonly connection: Connection;
  /** Process id of the running postmaster, 0 when it is down. */
  pid(): number;
  /** Ends PostgreSQL and waits for it. */
  stop(): Promise<void>;
};

const START_TIMEOUT_MS = 60_000;
const LOG_LIMIT_BYTES = 10_000_000;
const run = promisify(execFile);

/** The same for every way to write the path, links included. */
export const trueName = (dataDir: string): string => {
  try {
    return realpathSync(dataDir);
  } catch {
    return path.resolve(dataDir);
  }
};

/**
 * Unix socket paths may have at most about 107 bytes, data directories may be deep: sockets live in a short
 * directory named after the data directory.
 */
export const socketDirectory = (dataDir: string): string => {
  const name = createHash('sha256').update(trueName(dataDir)).digest('hex').slice(0, 16);
  const directory = path.join(os.tmpdir(), `chanjing-avatar-${name}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
};

const makeOwned = (directory: string, launcher: Launcher): void => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (launcher.owner) chownSync(directory, launcher.owner.uid, launcher.owner.gid);
};

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C', TZ: 'UTC' });

/** Made in a temporary directory and renamed, so that a kill in the middle leaves nothing half-made. */
const createCluster = async (data: string, binaries: string, launcher: Launcher): Promise<void> => {
  if (existsSync(path.join(data, 'PG_VERSION'))) return;
  const fresh = `${data}.init`;
  await rm(fresh, { recursive: true, force: true });
  const options = [
    '-D',
    fresh,
    '-U',
    'app',
    '--auth=trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--data-checksums',
  ];
  await run(...launcher.command(path.join(binaries, 'initdb'), options), {
    ...launcher.owner,
    cwd: path.dirname(data),
    env: environment(),
  });
  await rename(fresh, data);
};

const postmasterPid = (data: string): number => {
  try {
    const pid = Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 0);
    return pid;
  } catch {
    return 0;
  }
};

/** True when the database of exactly this data directory answers. */
const answers = async (connection: Connection, data: string): Promise<boolean> => {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query('show data_directory');
    return rows[0].data_directory === data;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
};

const logTail = (logFile: string): string => {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-3).join(' | ');
  } catch {
    return '';
  }
};

const CONNECTION = { user: 'app', database: 'postgres' };

/** Where the embedded database of a data directory listens, whether it runs or not. */
export const embeddedConnection = (dataDir: string): Connection => ({
  ...CONNECTION,
  host: socketDirectory(dataDir),
});

/**
 * Where the embedded database of a server that runs listens. PostgreSQL's own record says it: the server may have been
 * started with another temporary directory.
 */
export const runningConnection = (dataDir: string): Connection => {
  const record = path.join(trueName(dataDir), 'postgres', 'data', 'postmaster.pid');
  const host = existsSync(record) ? readFileSync(record, 'utf8').split('\n')[4] : undefined;
  return host ? { ...CONNECTION, host } : embeddedConnection(dataDir);
};

/**
 * Runs PostgreSQL from npm's binaries on `dataDir/postgres`, reachable only through a unix socket. A postmaster that
 * survived its server is adopted; one that dies is started again. PostgreSQL's own lock file arbitrates and is never
 * removed here. Throws {@link DatabaseStartError}.
 */
export const startEmbeddedPostgres = async (dataDir: string): Promise<EmbeddedPostgres> => {
  const binaries = postgresBinaries();
  const launcher = unprivilegedLauncher();
  const home = path.join(trueName(dataDir), 'postgres');
  const data = path.join(home, 'data');
  const logFile = path.join(home, 'postgres.log');
  const sockets = socketDirectory(dataDir);
  const connection = embeddedConnection(dataDir);
  makeOwned(home, launcher);
  if (launcher.owner) chownSync(sockets, launcher.owner.uid, launcher.owner.gid);
  await createCluster(data, binaries, launcher);
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) await truncate(logFile, 0);

  let child: ChildProcess | undefined;
  let stopping = false;

  const launch = (): void => {
    const settings = [
      'listen_addresses=',
      'max_connections=60',
      'shared_buffers=64MB',
      'logging_collector=off',
    ];
    const server = ['-D', data, '-k', sockets, ...settings.flatMap((setting) => ['-c', setting])];
    // The signal is asked for inside the namespace: entering one clears it.
    const [program, ...args] = [...endWithParent('INT'), path.join(binaries, 'postgres'), ...server];
    // A file, not a pipe: a pipe breaks when the server dies.
    const log = openSync(logFile, 'a');
    child = spawn(...launcher.command(program!, args), {
      ...launcher.owner,
      cwd: home,
      env: environment(),
      stdio: ['ignore', log, log],
      detached: true,
    });
    child.on('exit', () => {
      child = undefined;
    });
    child.on('error', () => {
      child = undefined;
    });
    child.unref();
  };

  const ensureRunning = async (): Promise<void> => {
    const end = Date.now() + START_TIMEOUT_MS;
    while (!(await answers(connection, data))) {
      if (stopping) return;
      if (Date.now() > end) throw new DatabaseStartError(logTail(logFile), logFile);
      if (!child) launch();
      await sleep(50);
    }
  };
  await ensureRunning();

  let repair: Promise<void> | undefined;
  const watch = setInterval(() => {
    if (repair || postmasterPid(data)) return;
    repair = ensureRunning()
      .catch(() => {})
      .finally(() => {
        repair = undefined;
      });
  }, 200);
  watch.unref();

  return {
    connection,
    pid: () => postmasterPid(data),
    stop: async () => {
      stopping = true;
      clearInterval(watch);
      await repair;
      const pid = postmasterPid(data);
      if (pid) process.kill(pid, 'SIGINT');
      while (postmasterPid(data)) await sleep(20);
    },
  };
};
