import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from './database.js';

/** An embedded database that died is back within this time. */
const PATIENCE_MS = 5000;
const PAUSE_MS = 100;

/** Does a read again while the database is away. Not for writes: whether they happened is not known. */
export const readPatiently = async <Result>(read: () => Promise<Result>): Promise<Result> => {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() > end) throw error;
      await sleep(PAUSE_MS);
    }
  }
};
