import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DataDirectoryInUseError } from '../errors/data-directory-in-use-error.js';
import { until } from '../testing/test-server.js';
import { type Connection, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { lockDataDirectory } from './instance-lock.js';

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'chanjing-postgres-'));
let postgres: EmbeddedPostgres;

const query = async (connection: Connection, text: string) => {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

beforeAll(async () => {
  postgres = await startEmbeddedPostgres(dataDir);
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('keeps what was written when everything of it is killed, and comes back by itself', async () => {
  await query(postgres.connection, 'create table kept (n int)');
  await query(postgres.connection, 'insert into kept values (7)');
  const pid = postgres.pid();
  const children = execFileSync('pgrep', ['-P', String(pid)])
    .toString()
    .split('\n')
    .filter(Boolean)
    .map(Number);
  for (const victim of [pid, ...children]) process.kill(victim, 'SIGKILL');
  const rows = await until(() => query(postgres.connection, 'select n from kept').catch(() => undefined));
  expect(rows).toEqual([{ n: 7 }]);
  expect(postgres.pid()).not.toBe(pid);
});

it('writes to disk at every commit', async () => {
  const [settings] = await query(
    postgres.connection,
    "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('data_checksums') as checksums",
  );
  expect(settings).toEqual({ fsync: 'on', commit: 'on', checksums: 'on' });
});

it('is not reachable over the network', async () => {
  const [settings] = await query(
    postgres.connection,
    "select current_setting('listen_addresses') as addresses",
  );
  expect(settings).toEqual({ addresses: '' });
});

it('adopts a database that survived its server', async () => {
  const pid = postgres.pid();
  const second = await startEmbeddedPostgres(dataDir);
  expect(second.pid()).toBe(pid);
  expect(readFileSync(path.join(dataDir, 'postgres', 'data', 'PG_VERSION'), 'utf8')).toMatch(/^18/);
});

it('lets one server at a time have a data directory, and the next one after a kill', async () => {
  const module = new URL('instance-lock.js', import.meta.url).href;
  const script = `import { lockDataDirectory } from ${JSON.stringify(module)};
    await lockDataDirectory(process.argv[1]); console.log('locked'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir]);
  await once(holder.stdout, 'data');
  const link = `${dataDir}-link`;
  symlinkSync(dataDir, link);
  vi.stubEnv('TMPDIR', link);
  for (const name of [dataDir, path.relative('.', dataDir), link]) {
    const refusal = await lockDataDirectory(name).catch((error) => error);
    expect(refusal).toBeInstanceOf(DataDirectoryInUseError);
    expect(refusal.message).toContain(`process ${holder.pid}`);
  }
  vi.unstubAllEnvs();
  rmSync(link);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = await lockDataDirectory(dataDir);
  await lock.release();
});
