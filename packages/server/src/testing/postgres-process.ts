// A PostgreSQL that others reach over TCP, like one of an operator. Arguments: directory, address, port. Says "ready" and
// runs until it is told to end.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { postgresBinaries } from '../database/postgres-binaries.js';
import { endWithParent, unprivilegedLauncher } from '../database/unprivileged.js';

const [directory, host, port] = process.argv.slice(2) as [string, string, string];
const binaries = postgresBinaries();
const launcher = unprivilegedLauncher();
const data = path.join(directory, 'data');
const options = { ...launcher.owner, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };

mkdirSync(directory, { recursive: true });
if (!existsSync(path.join(data, 'PG_VERSION'))) {
  const format = ['-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8'];
  execFileSync(...launcher.command(path.join(binaries, 'initdb'), ['-D', data, ...format]), {
    ...options,
    stdio: 'ignore',
  });
  appendFileSync(path.join(data, 'pg_hba.conf'), 'host all all all trust\n');
}
const settings = [
  `listen_addresses=${host}`,
  `port=${port}`,
  'unix_socket_directories=',
  'max_connections=200',
];
const [program, ...args] = [
  ...endWithParent('INT'),
  path.join(binaries, 'postgres'),
  ...['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
];
const server = spawn(...launcher.command(program!, args), {
  ...options,
  stdio: ['ignore', 'ignore', 'ignore'],
});
server.on('exit', (code) => process.exit(code ?? 1));
for (const event of ['SIGTERM', 'disconnect']) process.on(event, () => server.kill('SIGINT'));

const answers = async (): Promise<boolean> => {
  const client = new pg.Client({ host, port: Number(port), user: 'postgres', database: 'postgres' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
};
while (!(await answers())) await sleep(50);
console.log('ready');
