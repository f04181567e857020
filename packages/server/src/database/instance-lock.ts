import { unlink } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataDirectoryInUseError } from '../errors/data-directory-in-use-error.js';
import { hasNoSockets, MAX_SOCKET_PATH, temporarySocketDirectory, trueName } from './socket-directory.js';

/** Held while a server owns a data directory. */
export type InstanceLock = { release(): Promise<void> };

/** Long enough for a rival that saw the same stale socket to have replaced ours. */
const SETTLE_MS = 100;

const listen = (socket: string): Promise<net.Server> =>
  new Promise((resolve, reject) => {
    const server = net.createServer((connection) => {
      connection.on('error', () => {});
      connection.end(String(process.pid));
    });
    server.once('error', reject);
    server.listen(socket, () => resolve(server));
  });

/** Process id of the server that listens there, undefined when none does. */
const ownerOf = (socket: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    let text = '';
    const connection = net.connect(socket);
    connection.on('data', (chunk) => {
      text += chunk;
    });
    connection.once('end', () => resolve(Number(text)));
    connection.once('error', () => resolve(undefined));
  });

const lockAt = async (socket: string, dataDir: string): Promise<InstanceLock> => {
  let server: net.Server;
  try {
    server = await listen(socket);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const owner = await ownerOf(socket);
    if (owner !== undefined) throw new DataDirectoryInUseError(dataDir, owner);
    await unlink(socket).catch(() => {});
    server = await listen(socket);
  }
  server.unref();
  await sleep(SETTLE_MS);
  const owner = await ownerOf(socket);
  if (owner !== process.pid) {
    server.close();
    throw new DataDirectoryInUseError(dataDir, owner);
  }
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
};

/**
 * Makes this process the only server on a data directory. The lock is a listening unix socket: unlike a file with a
 * process id it ends with its process and cannot be mistaken after a kill. It is in the directory itself where that can
 * be, so that servers in different containers, or with different temporary directories, see each other. Throws
 * {@link DataDirectoryInUseError}.
 */
export const lockDataDirectory = async (dataDir: string): Promise<InstanceLock> => {
  const inside = path.join(trueName(dataDir), 'server.sock');
  const outside = (): string => path.join(temporarySocketDirectory(dataDir), 'server.sock');
  if (Buffer.byteLength(inside) > MAX_SOCKET_PATH) return lockAt(outside(), dataDir);
  try {
    return await lockAt(inside, dataDir);
  } catch (error) {
    if (!hasNoSockets(error)) throw error;
    return lockAt(outside(), dataDir);
  }
};
