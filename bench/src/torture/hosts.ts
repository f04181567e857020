import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type BenchServer,
  filesBelow,
  jobProcesses,
  killAll,
  postgresProcesses,
  startBenchServer,
  WITHOUT_CALL_LIMITS,
} from '../server/bench-server.js';
import { login } from '../server/call.js';
import { makeCallers, startReceiver } from './callers.js';
import { type Faults, judge } from './judge.js';
import { canMakeLab, type Lab, makeLab } from './lab.js';

const APIS = ['api-1', 'api-2'] as const;
const WORKERS = ['work-1', 'work-2'] as const;
const SERVERS = [...APIS, ...WORKERS] as const;
type ServerHost = (typeof SERVERS)[number];

const PORTS = { database: 5432, s3: 9000 } as const;
type PartHost = keyof typeof PORTS;

const BUCKET = 'avatar';

/** What can happen; each in turn. */
const TROUBLES = [
  'kill an api',
  'kill a worker',
  'kill a renderer',
  'kill the database',
  'kill s3',
  'cut off a worker for 25 s',
  'cut off an api for 5 s',
  'cut off the database for 5 s',
  's3 away for 20 s',
  'freeze a worker for 20 s',
] as const;
type Trouble = (typeof TROUBLES)[number];

const testing = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/server/dist/testing/${name}.js`, import.meta.url));

const any = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)]!;

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 1000 });
    const end = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });

/** The processes of the lab, started again whenever one is missing. */
class Hosts {
  readonly servers = new Map<ServerHost, BenchServer>();
  readonly #parts = new Map<PartHost, ChildProcess>();
  readonly #lab: Lab;
  readonly #directory: string;
  readonly #s3: string | undefined;

  constructor(lab: Lab, directory: string, s3: string | undefined) {
    this.#lab = lab;
    this.#directory = directory;
    this.#s3 = s3;
  }

  dataDirOf(host: ServerHost): string {
    return path.join(this.#directory, host);
  }

  #commandOf(part: PartHost): string[] {
    const address = this.#lab.addressOf(part);
    const place = path.join(this.#directory, part);
    if (part === 'database') {
      const home = path.join(place, 'postgres');
      return [process.execPath, testing('postgres-process'), home, address, String(PORTS.database)];
    }
    mkdirSync(path.join(place, BUCKET), { recursive: true });
    if (this.#s3) return [this.#s3, '--quiet', '--port', `${address}:${PORTS.s3}`, 'posix', place];
    return [process.execPath, testing('s3-process'), place, address, String(PORTS.s3), BUCKET];
  }

  async startPart(part: PartHost): Promise<void> {
    if (this.#parts.has(part)) return;
    const [enter, ...words] = [...this.#lab.enter(part), ...this.#commandOf(part)];
    const child = spawn(enter!, words, {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, ROOT_ACCESS_KEY: 'S3RVER', ROOT_SECRET_KEY: 'S3RVER' },
    });
    this.#parts.set(part, child);
    child.once('exit', () => this.#parts.delete(part));
    while (!(await answers(this.#lab.addressOf(part), PORTS[part]))) await sleep(100);
  }

  async killPart(part: PartHost): Promise<void> {
    const child = this.#parts.get(part);
    if (!child) return;
    const exit = once(child, 'exit');
    // Its starter ends with the database.
    if (part === 'database') killAll(postgresProcesses(path.join(this.#directory, part)));
    else child.kill('SIGKILL');
    await exit;
  }

  #flagsOf(host: ServerHost): Record<string, string> {
    const { addressOf, network } = this.#lab;
    return {
      role: host.startsWith('api') ? 'api' : 'worker',
      'data-dir': this.dataDirOf(host),
      host: addressOf(host),
      port: '8080',
      'log-level': process.env.TORTURE_LOG ?? 'silent',
      'database-url': `postgresql://postgres@${addressOf('database')}/postgres`,
      's3-endpoint': `http://${addressOf('s3')}:${PORTS.s3}`,
      's3-bucket': BUCKET,
      's3-access-key-id': 'S3RVER',
      's3-secret-access-key': 'S3RVER',
      ...WITHOUT_CALL_LIMITS,
      'open-tasks-per-app': '100000',
      'callback-allow': network,
      renders: '2',
      'renders-per-app': '4',
      'stop-seconds': '5',
    };
  }

  async startServer(host: ServerHost): Promise<void> {
    if (this.servers.get(host)?.alive) return;
    this.servers.set(host, await startBenchServer(this.#flagsOf(host), this.#lab.enter(host)));
  }

  /** Starts what is missing; a server that does not come up (its database is away) is started again next time. */
  async startMissing(): Promise<void> {
    for (const part of Object.keys(PORTS) as PartHost[]) await this.startPart(part);
    const outcomes = await Promise.allSettled(SERVERS.map((host) => this.startServer(host)));
    const failed = outcomes.filter(({ status }) => status === 'rejected').length;
    if (failed > 0) process.stderr.write(`${failed} servers did not come up\n`);
  }

  /** A process that answers calls, as a balancer would choose. */
  url(): string {
    const up = APIS.flatMap((host) => this.servers.get(host) ?? []).filter(({ alive }) => alive);
    return any(up.length > 0 ? up : [...this.servers.values()]).url;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
    for (const part of Object.keys(PORTS) as PartHost[]) {
      const child = this.#parts.get(part);
      if (!child) continue;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
  }
}

const cutOff = async (lab: Lab, host: string, seconds: number): Promise<void> => {
  lab.cable(host, 'down');
  await sleep(seconds * 1000);
  lab.cable(host, 'up');
};

const bring = async (trouble: Trouble, lab: Lab, hosts: Hosts): Promise<void> => {
  const worker = any(WORKERS);
  switch (trouble) {
    case 'kill an api':
      return hosts.servers.get(any(APIS))!.kill();
    case 'kill a worker':
      return hosts.servers.get(worker)!.kill();
    case 'kill a renderer':
      return killAll(jobProcesses(hosts.dataDirOf(worker)).map(({ pid }) => pid));
    case 'kill the database':
      return hosts.killPart('database');
    case 'kill s3':
      return hosts.killPart('s3');
    case 'cut off a worker for 25 s':
      return cutOff(lab, worker, 25);
    case 'cut off an api for 5 s':
      return cutOff(lab, any(APIS), 5);
    case 'cut off the database for 5 s':
      return cutOff(lab, 'database', 5);
    case 's3 away for 20 s':
      return cutOff(lab, 's3', 20);
    case 'freeze a worker for 20 s': {
      const { pid } = hosts.servers.get(worker)!;
      process.kill(pid, 'SIGSTOP');
      await sleep(20_000);
      process.kill(pid, 'SIGCONT');
    }
  }
};

/** Two API processes, two workers, their database and S3, each on a host of its own. */
export const tortureHosts = async (rounds: number, s3: string | undefined): Promise<Faults> => {
  if (!canMakeLab()) {
    console.log('skipped: network namespaces cannot be made here; run as root on Linux with iproute2');
    return {};
  }
  const directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-hosts-'));
  const lab = makeLab([...SERVERS, 'database', 's3']);
  const hosts = new Hosts(lab, directory, s3);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(
      signal,
      () =>
        void hosts
          .stop()
          .then(lab.close)
          .then(() => process.exit(1)),
    );
  }
  const receiver = await startReceiver(lab.address);
  const callers = await makeCallers(receiver);
  await hosts.startMissing();
  const app = [...hosts.servers.values()].flatMap(({ firstApp }) => firstApp ?? [])[0]!;
  const token = await login(hosts.url(), app);
  const counts = new Map<Trouble, number>();

  for (let round = 0; round < rounds; round += 1) {
    let on = true;
    const calling = Array.from({ length: 3 }, () =>
      callers.keepCalling(
        () => hosts.url(),
        token,
        () => on,
      ),
    );
    await sleep(500 + Math.random() * 3000);
    const trouble = TROUBLES[round % TROUBLES.length]!;
    await bring(trouble, lab, hosts);
    counts.set(trouble, (counts.get(trouble) ?? 0) + 1);
    await sleep(500 + Math.random() * 1500);
    await hosts.startMissing();
    on = false;
    await Promise.all(calling);
    const { files, tasks } = callers.accepted;
    process.stderr.write(`round ${round + 1} ${trouble}: ${files.size} files, ${tasks.size} tasks\n`);
  }

  await hosts.startMissing();
  console.log(
    `rounds               ${rounds}: ${[...counts].map(([what, count]) => `${count} ${what}`).join(', ')}`,
  );
  const stored = (): string[] =>
    filesBelow(directory, 's3')
      .map((file) => file.replace(/\._S3rver_object$/, ''))
      .filter((file) => file.includes('/lip-sync/'));
  const faults = await judge(hosts.url(), token, callers, receiver, stored);
  const parts = SERVERS.flatMap((host) => filesBelow(hosts.dataDirOf(host), 'work')).length;
  await hosts.stop();
  const processes = SERVERS.flatMap((host) => jobProcesses(hosts.dataDirOf(host))).length;
  receiver.close();
  await lab.close();
  await rm(directory, { recursive: true, force: true });
  return { ...faults, 'part files left': parts, 'processes left': processes };
};
