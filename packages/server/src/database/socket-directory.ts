import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { makePrivateDirectory } from '../private-directory.js';
import type { Launcher } from './unprivileged.js';

/** Longest path of a unix socket that every system takes. */
export const MAX_SOCKET_PATH = 100;

/** Codes of file systems that have no sockets. */
const NO_SOCKETS = new Set(['EOPNOTSUPP', 'ENOTSUP', 'EPERM', 'ENOSYS', 'EINVAL']);

export const hasNoSockets = (error: unknown): boolean =>
  NO_SOCKETS.has((error as NodeJS.ErrnoException).code ?? '');

/** The same for every way to write the path, links included. */
export const trueName = (dataDir: string): string => {
  try {
    return realpathSync(dataDir);
  } catch {
    return path.resolve(dataDir);
  }
};

/**
 * A directory for the sockets of data directories that cannot hold them: their path is too long, or their file system
 * has none. It is in the folder of temporary files, which all users share, so nobody else may have made it.
 */
export const temporarySocketDirectory = (dataDir: string, owner?: Launcher['owner']): string => {
  const name = createHash('sha256').update(trueName(dataDir)).digest('hex').slice(0, 16);
  const user = process.getuid?.() ?? 0;
  return makePrivateDirectory(path.join(os.tmpdir(), `chanjing-avatar-${user}-${name}`), owner);
};

const takesSockets = (directory: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error) => (hasNoSockets(error) ? resolve(false) : reject(error)));
    server.listen(path.join(directory, `probe-${process.pid}.sock`), () => server.close(() => resolve(true)));
  });

/** Where PostgreSQL puts its socket: beside its data where that can be. */
export const socketDirectory = async (
  home: string,
  dataDir: string,
  owner: Launcher['owner'],
): Promise<string> => {
  const fits = Buffer.byteLength(path.join(home, '.s.PGSQL.5432')) <= MAX_SOCKET_PATH;
  return fits && (await takesSockets(home)) ? home : temporarySocketDirectory(dataDir, owner);
};
