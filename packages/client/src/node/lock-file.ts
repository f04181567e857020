import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CredentialsFileError } from './credentials-file-error.js';

/** The holder touches its lock this often; one that was not touched for STALE_MS belongs to nobody. */
const TOUCH_MS = 3000;
const STALE_MS = 15_000;
const ASK_MS = 25;
const PATIENCE_MS = 120_000;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** True when the holder of the lock is gone: dead on this machine, or silent for long. */
const isAbandoned = async (path: string, mtimeMs: number): Promise<boolean> => {
  if (Date.now() - mtimeMs > STALE_MS) return true;
  const [pid, host] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
  return host === hostname() && Number(pid) > 0 && !isAlive(Number(pid));
};

/** Takes an abandoned lock away. Whoever moved a living one by mistake, in a race, puts it back. */
const clearAbandoned = async (path: string): Promise<void> => {
  const seen = await stat(path).catch(() => undefined);
  if (!seen || !(await isAbandoned(path, seen.mtimeMs))) return;
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await stat(aside)).ino !== seen.ino) await link(aside, path).catch(() => {});
    await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};

const tryToTake = async (path: string): Promise<boolean> => {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${process.pid} ${hostname()}`);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const take = async (path: string, signal: AbortSignal | undefined): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const end = performance.now() + PATIENCE_MS;
  while (!(await tryToTake(path))) {
    signal?.throwIfAborted();
    if (performance.now() > end) {
      const msg = `Another process has held ${path} for ${PATIENCE_MS / 1000} s.`;
      throw new CredentialsFileError({ msg, remedy: 'End that process, or delete the file.' });
    }
    await clearAbandoned(path);
    await sleep(ASK_MS, undefined, signal ? { signal } : {});
  }
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
  await take(path, signal);
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, TOUCH_MS);
  touch.unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    await rm(path, { force: true });
  }
};
