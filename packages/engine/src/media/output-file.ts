import { rmSync } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DiskFullError } from '../errors/disk-full-error.js';
import { FfmpegFailedError } from '../errors/ffmpeg-failed-error.js';
import { OutputNotWritableError } from '../errors/output-not-writable-error.js';
import { isProcessAlive } from './process-alive.js';

/** A file written atomically: it appears under its name only when it is complete. */
export type OutputFile = {
  readonly path: string;
  /** Where to write meanwhile. */
  readonly partPath: string;
  /** Give the complete file its name. @throws DiskFullError, OutputNotWritableError */
  commit(): Promise<void>;
  /** Remove what was written. */
  discard(): Promise<void>;
};

let partsStarted = 0;

const openParts = new Set<string>();
process.on('exit', () => {
  for (const path of openParts) rmSync(path, { force: true });
});

/** Remove the parts of this file that killed processes left behind. */
const sweepParts = async (path: string): Promise<void> => {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    const match = name.startsWith(prefix) && /^(\d+)-\d+\.part$/.exec(name.slice(prefix.length));
    if (match && !isProcessAlive(Number(match[1]))) await rm(join(dirname(path), name), { force: true });
  }
};

const FINDINGS: Record<string, string> = {
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'its directory is a file',
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'the name is too long',
};

/** Turn what went wrong while writing `path` into the failure that the user can act on. */
export const writeFailure = (path: string, error: unknown): unknown => {
  if (error instanceof FfmpegFailedError)
    return /No space left on device/.test(error.stderr) ? new DiskFullError(path, error) : error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return new DiskFullError(path, error);
  const finding = FINDINGS[code];
  return finding ? new OutputNotWritableError(path, finding, error) : error;
};

/**
 * Begin to write a file: a part file beside it, which {@link OutputFile.commit} flushes to disk and renames.
 * @throws OutputNotWritableError, DiskFullError
 */
export const createOutputFile = async (path: string): Promise<OutputFile> => {
  partsStarted += 1;
  const partPath = `${path}.${process.pid}-${partsStarted}.part`;
  try {
    if ((await stat(path).catch(() => undefined))?.isDirectory())
      throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
    await sweepParts(path);
    await (await open(partPath, 'wx')).close();
  } catch (error) {
    throw writeFailure(path, error);
  }
  openParts.add(partPath);
  const discard = async (): Promise<void> => {
    await rm(partPath, { force: true });
    openParts.delete(partPath);
  };
  return {
    path,
    partPath,
    discard,
    async commit() {
      try {
        const file = await open(partPath, 'r+');
        await file.sync().finally(() => file.close());
        await rename(partPath, path);
        openParts.delete(partPath);
      } catch (error) {
        await discard();
        throw writeFailure(path, error);
      }
    },
  };
};

/**
 * Have files written, those that have a path, and give them their names when all is done; a failure leaves none of them.
 * @throws OutputNotWritableError, DiskFullError, and whatever `write` throws
 */
export const writeTogether = async (
  paths: readonly (string | undefined)[],
  write: (files: readonly (OutputFile | undefined)[]) => Promise<void>,
): Promise<void> => {
  const files: (OutputFile | undefined)[] = [];
  try {
    for (const path of paths) files.push(path === undefined ? undefined : await createOutputFile(path));
    await write(files);
    // Whatever could fail has been done: only names are left to be given.
    for (const file of files) await file?.commit();
  } catch (error) {
    for (const file of files) await file?.discard();
    throw error;
  }
};
