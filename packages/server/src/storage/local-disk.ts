import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makePrivateDirectory } from '../private-directory.js';
import type { KeptParts, Receive, Staged, Storage } from './storage.js';
import { TooLargeError } from './storage.js';

/** A rename is only safe against a power cut once its directory is on disk. */
const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * Objects as files below `root/objects`. Bytes arrive in `root/incoming`, reach the disk (fsync), and get their name by
 * a rename, so a reader sees a whole file or none.
 */
export const openLocalDisk = async (root: string): Promise<Storage> => {
  const objects = path.resolve(root, 'objects');
  const incoming = path.resolve(root, 'incoming');
  // What is in there arrived incompletely before the last stop.
  await rm(incoming, { recursive: true, force: true });
  makePrivateDirectory(incoming);
  makePrivateDirectory(objects);
  const fileOf = (key: string): string => path.join(objects, key);

  const moveIn = async (file: string, key: string): Promise<void> => {
    const target = fileOf(key);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(file, target);
    await syncDirectory(path.dirname(target));
  };

  const keptFile = (name: string): string => path.join(incoming, `${name}.kept`);

  const receive: Receive = async (source, maxBytes, { signal, onBytes, part: wish } = {}) => {
    const part = wish ? keptFile(wish.name) : path.join(incoming, `${randomUUID()}.part`);
    const hash = createHash('sha256');
    let size = 0;
    if (wish && wish.from > 0) {
      for await (const chunk of createReadStream(part, { end: wish.from - 1 })) hash.update(chunk);
      size = wish.from;
    }
    const place = size > 0 ? { flags: 'r+', start: size } : {};
    // The source stays open when the rest of it is not wanted, so that its sender can still be told why.
    const measured = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxBytes) throw new TooLargeError(maxBytes);
        onBytes?.(size);
        hash.update(chunk);
        yield chunk;
      }
    };
    try {
      const target = createWriteStream(part, { flush: true, mode: 0o600, ...place });
      await pipeline(measured, target, signal ? { signal } : {});
    } catch (error) {
      const isCut = signal?.aborted || source.errored;
      if (!(wish && isCut)) await rm(part, { force: true });
      throw error;
    }
    const staged: Staged = {
      size,
      sha256: hash.digest('hex'),
      publish: (key) => moveIn(part, key),
      discard: () => rm(part, { force: true }),
    };
    return staged;
  };

  const kept: KeptParts = {
    size: async (name) => (await stat(keptFile(name)).catch(() => undefined))?.size ?? 0,
    sweep: async (seconds) => {
      for (const name of await readdir(incoming)) {
        if (!name.endsWith('.kept')) continue;
        const file = path.join(incoming, name);
        const found = await stat(file).catch(() => undefined);
        if (found && Date.now() - found.mtimeMs > seconds * 1000) await rm(file, { force: true });
      }
    },
  };

  return {
    uploads: { receive, kept },
    adopt: async (file, key) => {
      // The work directory may be on another disk: copy first, so that the rename stays on one.
      const part = path.join(incoming, `${randomUUID()}.part`);
      try {
        await rename(file, part).catch((error) => {
          if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
          return copyFile(file, part);
        });
        const handle = await open(part, 'r+');
        await handle.sync();
        await handle.close();
        await moveIn(part, key);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    head: async (key) => {
      try {
        const found = await stat(fileOf(key));
        return found.isFile() ? { size: found.size, modified: found.mtime } : undefined;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    read: (key, range) => createReadStream(fileOf(key), range ?? {}),
    localFile: async (key) => fileOf(key),
    delete: (key) => rm(fileOf(key), { force: true }),
    list: async function* (prefix) {
      const root = path.dirname(fileOf(`${prefix}x`));
      for (const name of await readdir(root, { recursive: true }).catch(() => [])) {
        const file = path.join(root, name);
        const found = await stat(file).catch(() => undefined);
        const key = path.relative(objects, file);
        if (found?.isFile() && key.startsWith(prefix)) yield { key, size: found.size, modified: found.mtime };
      }
    },
    freeBytes: async () => {
      const disk = await statfs(objects);
      return disk.bavail * disk.bsize;
    },
  };
};
