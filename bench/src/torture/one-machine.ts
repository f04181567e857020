import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

const VICTIMS = ['server', 'postgres', 'renderer', 'ffmpeg', 'all'] as const;
type Victim = (typeof VICTIMS)[number];

/** Waits a little for a process of this kind to kill. */
const killJob = async (dataDir: string, names: RegExp): Promise<number> => {
  for (let look = 0; look < 100; look += 1) {
    const found = jobProcesses(dataDir).filter(({ name }) => names.test(name));
    if (found.length > 0) {
      killAll(found.map(({ pid }) => pid));
      return found.length;
    }
    await sleep(20);
  }
  return 0;
};

/** Kills; false when there was nothing of this kind to kill. */
const strike = async (dataDir: string, victim: Victim, server: BenchServer): Promise<boolean> => {
  if (victim === 'renderer') return (await killJob(dataDir, /^(node|setpriv)$/)) > 0;
  if (victim === 'ffmpeg') return (await killJob(dataDir, /^ffmpeg$/)) > 0;
  if (victim === 'postgres') killAll(postgresProcesses(dataDir));
  else {
    server.kill();
    if (victim === 'all') {
      killAll([...postgresProcesses(dataDir), ...jobProcesses(dataDir).map(({ pid }) => pid)]);
    }
  }
  return true;
};

/** One server with everything of its own. */
export const tortureOneMachine = async (rounds: number): Promise<Faults> => {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-torture-'));
  const flags = {
    'data-dir': dataDir,
    port: '0',
    'log-level': 'silent',
    ...WITHOUT_CALL_LIMITS,
    'open-tasks-per-app': '100000',
    'callback-allow': '127.0.0.0/8',
    renders: '2',
  };
  const receiver = await startReceiver('127.0.0.1');
  const callers = await makeCallers(receiver);
  const { accepted } = callers;
  const table: Record<Victim, number> = { server: 0, postgres: 0, renderer: 0, ffmpeg: 0, all: 0 };
  let server = await startBenchServer(flags);
  const app = server.firstApp!;
  let token = await login(server.url, app);
  const starts: number[] = [];
  let mayBeDead = false;
  let deaths = 0;

  for (let round = 0; round < rounds; round += 1) {
    if (!server.alive) {
      if (!mayBeDead) deaths += 1;
      const begin = Date.now();
      server = await startBenchServer(flags);
      starts.push(Date.now() - begin);
      token = await login(server.url, app).catch(() => token);
    }
    let on = true;
    const { url } = server;
    const calling = Array.from({ length: 3 }, () =>
      callers.keepCalling(
        () => url,
        token,
        () => on,
      ),
    );
    await sleep(300 + Math.random() * 2000);
    const victim = VICTIMS[round % VICTIMS.length]!;
    if (await strike(dataDir, victim, server)) table[victim] += 1;
    mayBeDead = victim === 'server' || victim === 'all';
    // What the server is left with after a part of it died must also survive its own death at times.
    if (victim !== 'server' && victim !== 'all') await sleep(700);
    on = false;
    await Promise.all(calling);
    process.stderr.write(
      `round ${round + 1} ${victim}: ${accepted.files.size} files, ${accepted.tasks.size} tasks\n`,
    );
  }

  if (!server.alive) server = await startBenchServer(flags);
  token = await login(server.url, app);
  console.log(
    `rounds of kill -9    ${rounds} (${VICTIMS.map((victim) => `${victim} ${table[victim]}`).join(', ')})`,
  );
  starts.sort((a, b) => a - b);
  console.log(
    `starts after a kill  ${starts.length}, median ${starts[starts.length >> 1] ?? 0} ms, longest ${starts.at(-1) ?? 0} ms`,
  );
  const faults = await judge(server.url, token, callers, receiver, () =>
    filesBelow(dataDir, 'objects/lip-sync'),
  );
  const parts = filesBelow(dataDir, 'incoming').length + filesBelow(dataDir, 'work').length;
  await server.stop();
  const processes = jobProcesses(dataDir).length + postgresProcesses(dataDir).length;
  receiver.close();
  await rm(dataDir, { recursive: true, force: true });
  return {
    'servers that died of another death': deaths,
    ...faults,
    'part files left': parts,
    'processes left': processes,
  };
};
