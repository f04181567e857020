import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestQueue, type TestQueue } from '../testing/test-queue.js';
import { asLeader } from './leader.js';

let queue: TestQueue;

beforeAll(async () => {
  queue = await openTestQueue();
});
afterAll(() => queue?.close());

it('lets one do it at a time, each duty for itself, and another afterwards', async () => {
  const { db } = queue.database;
  const done: string[] = [];
  const note = (what: string) => async (): Promise<void> => void done.push(what);
  await asLeader(db, 'sweep', async () => {
    await asLeader(db, 'sweep', note('second sweep'));
    await asLeader(db, 'tidy', note('tidy'));
  });
  await expect(
    asLeader(db, 'sweep', async () => {
      throw new Error('full');
    }),
  ).rejects.toThrow('full');
  await asLeader(db, 'sweep', note('next sweep'));
  expect(done).toEqual(['tidy', 'next sweep']);
});
