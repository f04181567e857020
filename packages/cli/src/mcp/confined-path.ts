import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** A path at which the tools may not, or cannot, read or write. */
class UnusablePathError extends Error {
  override readonly name: string = 'UnusablePathError';
}

const REMEDIES = {
  read: 'Move the file below it, then give its path there.',
  write: 'Choose a path below it.',
} as const;

const isInside = (path: string, root: string): boolean => {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
};

/** The real path of a file, links followed, that need not exist; undefined when its directory does not. */
const realPathOf = async (path: string): Promise<string | undefined> => {
  const orMissing = (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== 'ENOENT') throw error;
  };
  const real = await realpath(path).catch(orMissing);
  if (real !== undefined) return real;
  const directory = await realpath(dirname(path)).catch(orMissing);
  return directory === undefined ? undefined : join(directory, basename(path));
};

/**
 * The real path of a file below `root` to read or to write, links followed. The file itself need not exist. Throws
 * {@link UnusablePathError}.
 */
export const confinedPath = async (root: string, path: string, use: 'read' | 'write'): Promise<string> => {
  const realRoot = await realpath(root);
  const wanted = resolve(realRoot, path);
  const real = await realPathOf(wanted);
  if (!isInside(real ?? wanted, realRoot)) {
    throw new UnusablePathError(
      `${path} is not below ${realRoot}, the directory these tools may use. ${REMEDIES[use]}`,
    );
  }
  if (real === undefined)
    throw new UnusablePathError(
      `There is no directory ${dirname(wanted)}. Expected one. Choose another path.`,
    );
  return real;
};
