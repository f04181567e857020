import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { ConnectionError } from '../errors/connection-error.js';
import type { UploadFile } from '../resources/upload-source.js';
import { SourceFileError } from './source-file-error.js';
import { writeWholeFile } from './whole-file.js';

/** A local file as an upload source; it is streamed, never held in memory. Throws SourceFileError. */
export const openPath = async (path: string): Promise<UploadFile> => {
  const file = await stat(path).catch(() => undefined);
  if (!file) throw new SourceFileError(path, 'missing');
  if (!file.isFile()) throw new SourceFileError(path, 'not a file');
  if (file.size === 0) throw new SourceFileError(path, 'empty');
  await access(path, constants.R_OK).catch(() => {
    throw new SourceFileError(path, 'unreadable');
  });
  return {
    name: basename(path),
    size: file.size,
    // Not Readable.toWeb, which in Node 20 reads far ahead: the whole file would end up in memory.
    open: () => NodeReadableStream.from(createReadStream(path)) as ReadableStream<Uint8Array>,
  };
};

/**
 * Writes a download to a file, whole or not at all, making directories as needed. Throws ConnectionError when the
 * download breaks off, and the file system's error.
 */
export const saveTo = async (response: Response, path: string, signal?: AbortSignal): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const body = Readable.fromWeb((response.body ?? new Blob([]).stream()) as NodeReadableStream);
  try {
    await writeWholeFile(path, (part) =>
      pipeline(body, createWriteStream(part, { flags: 'wx' }), signal ? { signal } : {}),
    );
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // File system errors have a `syscall` of their own; what is left is the network's.
    if ((error as NodeJS.ErrnoException).syscall && (error as NodeJS.ErrnoException).path) throw error;
    const msg = `The download broke off: ${(error as Error).message}.`;
    throw new ConnectionError({ msg, remedy: 'Download it again.', cause: error }, true);
  }
};
