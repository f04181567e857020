import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AppSecrets } from '@chanjing-avatar/server';

const PROGRAM: string = fileURLToPath(new URL('serve-process.js', import.meta.url));

/** Flags for callers that call without end. */
export const WITHOUT_CALL_LIMITS = {
  'creates-per-minute': '100000',
  'speech-creates-per-minute': '100000',
  'file-calls-per-minute': '100000',
};

export type BenchServer = {
  readonly url: string;
  readonly pid: number;
  readonly firstApp: AppSecrets | undefined;
  readonly alive: boolean;
  /** Resident bytes, and the longest pause of the event loop since the last call in milliseconds. */
  vitals(): Promise<{ rss: number; loopMs: number }>;
  kill(): void;
  /** Asks it to stop and waits. */
  stop(): Promise<void>;
};

/**
 * Starts a server process and waits until it is ready.
 *
 * @param enter words before the command, for a place where it runs
 */
export const startBenchServer = async (
  flags: Record<string, string>,
  enter: readonly string[] = [],
): Promise<BenchServer> => {
  const [command, ...words] = [...enter, process.execPath, PROGRAM, JSON.stringify(flags)];
  const child: ChildProcess = spawn(command!, words, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const lines = createInterface({ input: child.stdout! });
  const exit = once(child, 'exit').then(() => {
    throw new Error('the server ended before it was ready');
  });
  const [line] = (await Promise.race([once(lines, 'line'), exit])) as [string];
  exit.catch(() => {});
  const { url, firstApp } = JSON.parse(line) as { url: string; firstApp?: AppSecrets };
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    url,
    pid: child.pid!,
    firstApp,
    get alive() {
      return isAlive();
    },
    vitals: async () => {
      child.send('vitals');
      const [vitals] = await once(child, 'message');
      return vitals as { rss: number; loopMs: number };
    },
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      if (!isAlive()) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
};

const childrenOf = (pid: number): number[] => {
  try {
    return execFileSync('pgrep', ['-P', String(pid)])
      .toString()
      .split('\n')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
};

/** The postmaster of a data directory and its processes. */
export const postgresProcesses = (dataDir: string): number[] => {
  try {
    const pidFile = path.join(dataDir, 'postgres', 'data', 'postmaster.pid');
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
    process.kill(pid, 0);
    return [pid, ...childrenOf(pid)];
  } catch {
    return [];
  }
};

/** Processes of the jobs of a data directory by the first word of their command line: `node`, `ffmpeg`, … */
export const jobProcesses = (dataDir: string): { pid: number; name: string }[] => {
  const mark = `CHANJING_AVATAR_JOB_OF=${path.resolve(dataDir, 'work')}`;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        if (!readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0').includes(mark)) return [];
        const command = readFileSync(`/proc/${entry}/cmdline`, 'latin1').split('\0')[0]!;
        return [{ pid: Number(entry), name: path.basename(command) }];
      } catch {
        return [];
      }
    });
};

export const killAll = (pids: readonly number[]): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended meanwhile.
    }
  }
};

/** Files below a directory of the data directory. */
export const filesBelow = (dataDir: string, folder: string): string[] => {
  const root = path.join(dataDir, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
};
