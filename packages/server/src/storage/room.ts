import type { Storage } from './storage.js';

/** Kept free for the database, which cannot go on without room. */
const RESERVED_BYTES = 256 * 1024 ** 2;

/** Whether so many more bytes fit. */
export const hasRoom = async (storage: Storage, bytes = 0): Promise<boolean> => {
  const free = await storage.freeBytes();
  return free === undefined || free - bytes > RESERVED_BYTES;
};
