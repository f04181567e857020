import { randomUUID } from 'node:crypto';
import { readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isProcessAlive } from '../media/process-alive.js';

/** The holder touches its lock this often; one that stays untouched under our eyes for long belongs to nobody. */
const TOUCH_MS = 2000;
const STALE_MS = 20_000;
const ASK_MS = 100;

/** Where a process id means something: a machine, or a container on it. */
const placeOfProcesses = async (): Promise<string> =>
  `${hostname()} ${await readlink('/proc/self/ns/pid').catch(() => '-')}`;

const holderOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

const isDead = (holder: string, place: string): boolean => {
  const [pid, ...where] = holder.split('\n', 1)[0].split(' ');
  return Number(pid) > 0 && where.join(' ') === place && !isProcessAlive(Number(pid));
};

/** Takes the lock of a holder that is gone away; one that another process just took is put back. */
const clear = async (path: string, holder: string): Promise<void> => {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await holderOf(aside)) === holder) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};

const take = async (
  path: string,
  mine: string,
  place: string,
  { onWait, signal }: LockOptions,
): Promise<void> => {
  let seen = { holder: '', mtimeMs: 0, since: 0 };
  for (let waits = 0; ; waits++) {
    signal?.throwIfAborted();
    try {
      await writeFile(path, mine, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [holder, state] = await Promise.all([holderOf(path), stat(path).catch(() => undefined)]);
    const mtimeMs = state?.mtimeMs ?? 0;
    // Only changes of a time mean something: the clock of a file server may be another.
    if (holder !== seen.holder || mtimeMs !== seen.mtimeMs)
      seen = { holder, mtimeMs, since: performance.now() };
    if (isDead(holder, place) || performance.now() - seen.since > STALE_MS) await clear(path, holder);
    else {
      if (waits === 0) onWait?.();
      await sleep(ASK_MS, undefined, signal && { signal });
    }
  }
};

export type LockOptions = {
  /** Called once when another process has the lock and is waited for. */
  readonly onWait?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Does `work` while no other process holds the lock file. A lock whose holder was killed is taken over. */
export const withStoreLock = async <Result>(
  path: string,
  work: () => Promise<Result>,
  options: LockOptions,
): Promise<Result> => {
  const place = await placeOfProcesses();
  const mine = `${process.pid} ${place}\n${randomUUID()}`;
  await take(path, mine, place, options);
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, TOUCH_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    if ((await holderOf(path)) === mine) await rm(path, { force: true });
  }
};
