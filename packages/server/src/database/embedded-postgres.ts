import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, constants, existsSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseStartError } from '../errors/database-start-error.js';
import { makePrivateDirectory } from '../private-directory.js';
import { DATABASE, environment, prepareCluster, ROLE, rolePassword } from './cluster.js';
import { postgresBinaries } from './postgres-binaries.js';
import { socketDirectory, trueName } from './socket-directory.js';
import { endWithParent, unprivilegedLauncher } from './unprivileged.js';

/** How to reach a database. */
export type Connection =
  | { host: string; user: string; database: string; password: string }
  | { connectionString: string };

export type EmbeddedPostgres = {
  readonly connection: Connection;
  /** Process id of the running postmaster, 0 when it is down. */
  pid(): number;
  /** Ends PostgreSQL and waits for it. */
  stop(): Promise<void>;
};

const START_TIMEOUT_MS = 60_000;
const LOG_LIMIT_BYTES = 10_000_000;
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

const connectionAt = (host: string, dataDir: string): Connection => ({
  host,
  user: ROLE,
  database: DATABASE,
  password: rolePassword(trueName(dataDir)),
});

/**
 * How to reach the embedded database of a server that runs. PostgreSQL's own record says where it listens: the server
 * may have been started with another temporary directory. Throws the system's error when its password may not be read.
 */
export const runningConnection = (dataDir: string): Connection => {
  const home = path.join(trueName(dataDir), 'postgres');
  const record = path.join(home, 'data', 'postmaster.pid');
  const host = existsSync(record) ? readFileSync(record, 'utf8').split('\n')[4] : undefined;
  return connectionAt(host || home, dataDir);
};

/**
 * Opens PostgreSQL's log to append to. A file, not a pipe: a pipe breaks when the server dies. Never through a link,
 * which the user that PostgreSQL runs as could have put there.
 */
const openLog = (logFile: string): number => {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const log = openSync(logFile, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  if (fstatSync(log).size > LOG_LIMIT_BYTES) ftruncateSync(log, 0);
  return log;
};

/**
 * Runs PostgreSQL from npm's binaries on `dataDir/postgres`, reachable only through a unix socket in a directory that
 * only its user can enter, and with a password. A postmaster that
 * survived its server is adopted; one that dies is started again. PostgreSQL's own lock file arbitrates and is never
 * removed here. Throws {@link DatabaseStartError}.
 */
export const startEmbeddedPostgres = async (dataDir: string): Promise<EmbeddedPostgres> => {
  const binaries = postgresBinaries();
  const launcher = unprivilegedLauncher();
  const home = path.join(trueName(dataDir), 'postgres');
  const data = path.join(home, 'data');
  const logFile = path.join(home, 'postgres.log');
  makePrivateDirectory(home, launcher.owner);
  const endPostmaster = async (): Promise<void> => {
    const pid = postmasterPid(data);
    if (pid) process.kill(pid, 'SIGINT');
    while (postmasterPid(data)) await sleep(20);
  };
  await prepareCluster({ dataDir: trueName(dataDir), data, binaries }, launcher, endPostmaster);
  const sockets = await socketDirectory(home, dataDir, launcher.owner);
  const connection = connectionAt(sockets, dataDir);

  let child: ChildProcess | undefined;
  let stopping = false;

  const launch = (): void => {
    const settings = [
      'listen_addresses=',
      'unix_socket_permissions=0700',
      'max_connections=60',
      'shared_buffers=64MB',
      'logging_collector=off',
    ];
    const server = ['-D', data, '-k', sockets, ...settings.flatMap((setting) => ['-c', setting])];
    // The signal is asked for inside the namespace: entering one clears it.
    const [program, ...args] = [...endWithParent('INT'), path.join(binaries, 'postgres'), ...server];
    const log = openLog(logFile);
    child = spawn(...launcher.command(program!, args), {
      ...launcher.owner,
      cwd: home,
      env: environment(),
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
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
      await endPostmaster();
    },
  };
};
