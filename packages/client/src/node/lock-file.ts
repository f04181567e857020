import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, readlink, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CredentialsFileError } from './credentials-file-error.js';

/** The holder touches its lock this often; one that stays untouched under our eyes for STALE_MS belongs to nobody. */
const TOUCH_MS = 2000;
const STALE_MS = 10_000;
const ASK_MS = 25;
const PATIENCE_MS = 120_000;

/** Where a process id means something: a machine, or a container on it. */
const placeOfProcesses = async (): Promise<string> =>
  `${hostname()} ${await readlink('/proc/self/ns/pid').catch(() => '-')}`;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

type Seen = { readonly ino: number; readonly mtimeMs: number };

/** Whether the holder, a process of this machine, has died. */
const hasDied = async (path: string): Promise<boolean> => {
  const [pid, ...place] = (await readFile(path, 'utf8').catch(() => '')).split('\n', 1)[0]!.split(' ');
  return Number(pid) > 0 && place.join(' ') === (await placeOfProcesses()) && !isAlive(Number(pid));
};

/** Takes an abandoned lock away. Whoever moved a living one by mistake, in a race, puts it back. */
const clear = async (path: string, { ino }: Seen): Promise<void> => {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await stat(aside)).ino !== ino) await link(aside, path).catch(() => {});
    await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};

/** Clears the lock, called again and again, once its holder is gone: dead, or silent for long by our own clock. */
const abandonedLockClearer = (path: string): (() => Promise<void>) => {
  let last: Seen | undefined;
  let since = 0;
  return async () => {
    const seen = await stat(path).catch(() => undefined);
    if (!seen) return;
    // Times of files are the file server's, whose clock may be another: only their change says something.
    if (seen.ino !== last?.ino || seen.mtimeMs !== last.mtimeMs) {
      last = seen;
      since = performance.now();
    }
    if (performance.now() - since > STALE_MS || (await hasDied(path))) await clear(path, seen);
  };
};

/** True when the lock is ours now: `holder` is written into it. */
const tryToTake = async (path: string, holder: string): Promise<boolean> => {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(holder);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const take = async (path: string, holder: string, signal: AbortSignal | undefined): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const end = performance.now() + PATIENCE_MS;
  const clearAbandoned = abandonedLockClearer(path);
  while (!(await tryToTake(path, holder))) {
    signal?.throwIfAborted();
    if (performance.now() > end) {
      const msg = `Another process has held ${path} for ${PATIENCE_MS / 1000} s.`;
      throw new CredentialsFileError({ msg, remedy: 'End that process, or delete the file.' });
    }
    await clearAbandoned();
    await sleep(ASK_MS, undefined, signal ? { signal } : {});
  }
};

/** Gives the lock back, unless it was taken from us: while this process was suspended, others thought it dead. */
const release = async (path: string, holder: string): Promise<void> => {
  if ((await readFile(path, 'utf8').catch(() => '')) === holder) await rm(path, { force: true });
};

/**
 * Runs `work` while no other process holds the lock file. A lock whose holder died is taken over. Throws
 * {@link CredentialsFileError} after two minutes, and the file system's error when no lock can be made.
 */
export const withLockFile = async <Result>(
  path: string,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> => {
  const holder = `${process.pid} ${await placeOfProcesses()}\n${randomUUID()}`;
  await take(path, holder, signal);
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, TOUCH_MS);
  touch.unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    await release(path, holder);
  }
};
