import type { Storage } from './storage.js';

/** Kept free for the database, which cannot go on without room. */
const RESERVED_BYTES = 256 * 1024 ** 2;

/** Bytes that may still be stored. */
export const roomOf = async (storage: Storage): Promise<number> => {
  const free = await storage.freeBytes();
  return free === undefined ? Number.POSITIVE_INFINITY : free - RESERVED_BYTES;
};

/** Whether so many more bytes fit. */
export const hasRoom = async (storage: Storage, bytes = 0): Promise<boolean> =>
  (await roomOf(storage)) > bytes;
