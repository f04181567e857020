import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** A path that leaves the directory the tools are confined to. */
class OutsideRootError extends Error {
  override readonly name: string = 'OutsideRootError';

  constructor(path: string, root: string) {
    super(`${path} is outside ${root}, the directory these tools may use. Move the file there.`);
  }
}

const isInside = (path: string, root: string): boolean => {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
};

/**
 * The real path of a file below `root`, links followed. The file itself need not exist. Throws {@link OutsideRootError}
 * and, when its directory does not exist, the file system's error.
 */
export const confinedPath = async (root: string, path: string): Promise<string> => {
  const realRoot = await realpath(root);
  const wanted = resolve(realRoot, path);
  const real = await realpath(wanted).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return join(await realpath(dirname(wanted)), basename(wanted));
  });
  if (!isInside(real, realRoot)) throw new OutsideRootError(path, realRoot);
  return real;
};
