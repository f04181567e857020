import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProcessAlive } from './process-alive.js';

const PREFIX = 'chanjing-avatar-';

const inUse = new Set<string>();
process.on('exit', () => {
  for (const path of inUse) rmSync(path, { recursive: true, force: true });
});

/** Remove the scratch directories of processes that were killed. */
const sweepScratch = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    const match = name.startsWith(PREFIX) && /^(\d+)-\w+$/.exec(name.slice(PREFIX.length));
    if (match && !isProcessAlive(Number(match[1])))
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
};

/**
 * Run `work` with a directory of its own below the system's temporary directory. It is removed when the work ends
 * in any way, when the process exits, and, after a kill, by the next run.
 */
export const withScratchDirectory = async <Result>(
  work: (directory: string) => Promise<Result>,
): Promise<Result> => {
  await sweepScratch();
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  inUse.add(directory);
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
    inUse.delete(directory);
  }
};
