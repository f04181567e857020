import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { UnsafeDirectoryError } from './errors/unsafe-directory-error.js';

type Owner = { readonly uid: number; readonly gid: number };

/**
 * Makes a directory that only we (or `owner`) can enter, or takes one that is there already. What somebody else put
 * there is refused: a link leads anywhere, and who owns a directory can change what is in it. Looked at after it was
 * made, so that nobody can be first in between. Throws {@link UnsafeDirectoryError}.
 */
export const makePrivateDirectory = (directory: string, owner?: Owner): string => {
  mkdirSync(path.dirname(directory), { recursive: true, mode: 0o700 });
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(directory);
  if (!found.isDirectory()) throw new UnsafeDirectoryError(directory, 'it is no directory of its own');
  const uid = process.getuid?.();
  // Where there are no users, there are no other ones.
  if (uid === undefined) return directory;
  if (found.uid !== uid && found.uid !== owner?.uid) {
    throw new UnsafeDirectoryError(directory, `it belongs to another user (${found.uid})`);
  }
  if ((found.mode & 0o077) !== 0) chmodSync(directory, 0o700);
  if (owner && found.uid !== owner.uid) chownSync(directory, owner.uid, owner.gid);
  return directory;
};

/**
 * Closes a directory of ours to everybody else. Others may still pass through when the database runs as another user,
 * who has to reach its own directory below. A directory that belongs to somebody else stays as they wish.
 */
export const closeToOthers = (directory: string, passage: boolean): void => {
  const found = lstatSync(directory);
  if (process.getuid === undefined || found.uid !== process.getuid()) return;
  const mode = passage ? 0o711 : 0o700;
  if ((found.mode & 0o777) !== mode) chmodSync(directory, mode);
};
