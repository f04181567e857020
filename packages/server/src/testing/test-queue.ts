import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type OpenDatabase, openServerDatabase } from '../open-database.js';
import { type JobQueue, startJobQueue } from '../queue/job-queue.js';

/** A job queue on a database of its own, without a server around it. */
export type TestQueue = {
  readonly database: OpenDatabase;
  readonly jobs: JobQueue;
  close(): Promise<void>;
};

export const openTestQueue = async (): Promise<TestQueue> => {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-queue-'));
  const database = await openServerDatabase({ dataDir, databaseUrl: '' }, () => {});
  const jobs = await startJobQueue(database, () => {});
  return {
    database,
    jobs,
    close: async () => {
      await jobs.stop();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
