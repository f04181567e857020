// Other users of the machine try to take the server over through its database.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UnsafeDirectoryError } from '../errors/unsafe-directory-error.js';
import { openServerDatabase } from '../open-database.js';
import { startJobQueue } from '../queue/job-queue.js';
import { until } from '../testing/test-server.js';
import { openDatabase } from './database.js';
import { runningConnection, startEmbeddedPostgres } from './embedded-postgres.js';
import { postgresBinaries } from './postgres-binaries.js';
import { temporarySocketDirectory } from './socket-directory.js';
import { unprivilegedLauncher } from './unprivileged.js';

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];
const isRoot = process.getuid?.() === 0;

let shared: string;
let dataDir: string;

beforeEach(() => {
  shared = mkdtempSync(path.join(os.tmpdir(), 'chanjing-takeover-'));
  chmodSync(shared, 0o1777);
  vi.stubEnv('TMPDIR', shared);
  dataDir = path.join(shared, 'data');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(shared, { recursive: true, force: true });
});

const query = async (connection: object, text: string) => {
  const client = new pg.Client(connection);
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

/** What another user gets who runs a program: its output, or why it failed. */
const asNobody = (...command: string[]): string => {
  const [program, ...args] = [...NOBODY, ...command];
  const { stdout, stderr } = spawnSync(program!, args, { encoding: 'utf8', cwd: '/' });
  return stdout + stderr;
};

const CONNECT = `const s = require('node:net').connect(process.argv[1]);
  s.on('connect', () => { console.log('in'); s.end(); }).on('error', (e) => console.log(e.code));`;

/** Paths too long for a socket: its directory is then in the folder of temporary files. */
const longDirectory = (): string => path.join(dataDir, 'a'.repeat(90));

it('uses no directory that another user has made for it', async ({ skip }) => {
  if (!isRoot) return skip('only root can act as another user');
  const deep = longDirectory();
  const place = temporarySocketDirectory(deep);
  const old = path.basename(place).replace('-0-', '-');
  rmSync(place, { recursive: true });
  for (const trap of [
    `mkdir -m 777 '${place}'`,
    `mkdir -m 777 '${shared}/mine'; ln -s '${shared}/mine' '${place}'`,
  ]) {
    asNobody('sh', '-c', `${trap}; mkdir -m 777 '${shared}/${old}'`);
    await expect(startEmbeddedPostgres(deep)).rejects.toBeInstanceOf(UnsafeDirectoryError);
    rmSync(place, { recursive: true });
  }
});

it.each(['beside the data', 'in the folder of temporary files'])(
  'lets no other user reach its socket (%s)',
  async (where) => {
    const directory = where === 'beside the data' ? dataDir : longDirectory();
    const postgres = await startEmbeddedPostgres(directory);
    try {
      const { host } = postgres.connection as { host: string };
      expect(host.startsWith(directory)).toBe(where === 'beside the data');
      const socket = path.join(host, '.s.PGSQL.5432');
      expect([statSync(host).mode & 0o777, statSync(socket).mode & 0o777]).toEqual([0o700, 0o700]);
      if (isRoot) expect(asNobody(process.execPath, '-e', CONNECT, socket)).toBe('EACCES\n');
    } finally {
      await postgres.stop();
    }
  },
);

it('lets nobody in without the password, and is no superuser that could run programs', async () => {
  const postgres = await startEmbeddedPostgres(dataDir);
  try {
    const { connection } = postgres;
    for (const user of ['app', 'postgres', 'avatar', 'root']) {
      const refused = query({ ...connection, user, password: 'guess' }, 'select 1');
      await expect(refused).rejects.toThrow(/no pg_hba.conf entry|password authentication failed/);
    }
    for (const text of [
      "copy (select 1) to program 'id'",
      "copy (select 1) to '/tmp/chanjing-takeover'",
      "select pg_read_file('/etc/passwd')",
      'create role other superuser',
      'set role postgres',
    ]) {
      await expect(query(connection, text)).rejects.toThrow(/permission denied/);
    }
    const password = path.join(dataDir, 'postgres.password');
    expect(statSync(password).mode & 0o777).toBe(0o600);
    // Lost with a restored backup: there is a new one.
    rmSync(password);
    await postgres.stop();
    const again = await startEmbeddedPostgres(dataDir);
    expect(await query(again.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
    await again.stop();
  } finally {
    await postgres.stop();
  }
});

it('closes the database of an earlier version, still running, and keeps what is in it', async () => {
  const home = path.join(dataDir, 'postgres');
  const data = path.join(home, 'data');
  mkdirSync(home, { recursive: true });
  chmodSync(dataDir, 0o755);
  const launcher = unprivilegedLauncher();
  const binaries = postgresBinaries();
  const initdb = ['-D', data, '-U', 'app', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8'];
  execFileSync(...launcher.command(path.join(binaries, 'initdb'), initdb), { stdio: 'ignore' });
  const server = ['-D', data, '-k', home, '-c', 'listen_addresses='];
  const [program, args] = launcher.command(path.join(binaries, 'postgres'), server);
  spawn(program, args, { stdio: 'ignore', detached: true }).unref();
  const trusted = { host: home, user: 'app', database: 'postgres' };
  await until(() => query(trusted, 'select 1').catch(() => undefined));
  const before = await openDatabase(trusted as never, () => {});
  const queue = await startJobQueue(before, () => {});
  await queue.enqueue(before.db, 'check', { id: 'a'.repeat(32), appId: 'x', data: { id: '1' } });
  await queue.stop();
  await before.db.destroy();

  const opened = await openServerDatabase({ dataDir, databaseUrl: '' }, () => {});
  try {
    const jobs = await startJobQueue(opened, () => {});
    expect(await jobs.take('check', 1)).toMatchObject({ data: { id: '1' } });
    await jobs.enqueue(opened.db, 'check', { id: 'b'.repeat(32), appId: 'x', data: { id: '2' } });
    await jobs.stop();
    await expect(query(trusted, 'select 1')).rejects.toThrow('no pg_hba.conf entry');
    const [role] = await query(
      runningConnection(dataDir),
      'select rolsuper from pg_roles where rolname = user',
    );
    expect(role).toEqual({ rolsuper: false });
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(existsSync('/tmp/chanjing-takeover')).toBe(false);
  } finally {
    await opened.close();
  }
});
