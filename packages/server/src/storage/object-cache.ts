import { randomUUID } from 'node:crypto';
import { link, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { newId, sha256 } from '../identifiers.js';
import { makePrivateDirectory } from '../private-directory.js';

/** Everything that is kept; what was used longest ago goes first. */
const BUDGET_BYTES = 10e9;

type CachedObject = { readonly key: string; readonly tag: string; readonly size: number };

/** Objects of a storage elsewhere as files of this machine. */
export type ObjectCache = {
  /**
   * A link in `directory` to a file with the object's bytes: it stays when the cache lets go of them.
   *
   * @param fetch writes the bytes into a file
   */
  link(
    object: CachedObject,
    directory: string,
    fetch: (file: string) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<string>;
};

const aborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

const trim = async (root: string): Promise<void> => {
  const names = await readdir(root);
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(root, name);
      const found = await stat(file).catch(() => undefined);
      return { file, size: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
    }),
  );
  let total = 0;
  for (const { file, size } of files.sort((a, b) => b.used - a.used)) {
    total += size;
    if (total > BUDGET_BYTES) await rm(file, { force: true });
  }
};

/** Keeps objects below `root`. What is on its way when its process is killed is removed at the next start. */
export const objectCache = (root: string): ObjectCache => {
  makePrivateDirectory(root);
  const leftovers = readdir(root).then((names) =>
    Promise.all(
      names
        .filter((name) => name.endsWith('.part'))
        .map((name) => rm(path.join(root, name), { force: true })),
    ),
  );
  const coming = new Map<string, Promise<void>>();

  const bring = async (file: string, fetch: (file: string) => Promise<void>): Promise<void> => {
    await leftovers;
    const part = `${file}.${randomUUID()}.part`;
    try {
      await fetch(part);
      await rename(part, file);
      await trim(root);
    } finally {
      await rm(part, { force: true });
    }
  };

  /** Several jobs that want the same object wait for one transfer, which goes on when one of them ends. */
  const bringOnce = (file: string, fetch: (file: string) => Promise<void>): Promise<void> => {
    const known = coming.get(file);
    if (known) return known;
    const mine = bring(file, fetch).finally(() => coming.delete(file));
    coming.set(file, mine);
    return mine;
  };

  return {
    link: async ({ key, tag, size }, directory, fetch, signal) => {
      const file = path.join(root, `${sha256(`${key} ${tag} ${size}`).slice(0, 32)}${path.extname(key)}`);
      const target = path.join(directory, `${newId()}${path.extname(key)}`);
      const now = new Date();
      const use = async (): Promise<string> => {
        await utimes(file, now, now);
        await link(file, target);
        return target;
      };
      return use().catch(async (error) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        await Promise.race([bringOnce(file, fetch), aborted(signal)]);
        return use();
      });
    },
  };
};
