import { type RawBuilder, sql } from 'kysely';
import type { Services } from '../services.js';
import type { Storage } from './storage.js';

/** Kept free for the database, which cannot go on without room. */
const RESERVED_BYTES = 256 * 1024 ** 2;

/** An upload that was not renewed for this long is no more: its server was killed. */
const LAPSED_SECONDS = 30;

/** Whether a row of `upload` still counts. A clock that was set back must not keep it alive. */
export const isLive: RawBuilder<boolean> = sql<boolean>`(
  abs(extract(epoch from clock_timestamp() - upload.renewed_at)) <= ${LAPSED_SECONDS})`;

const freeRoom = async (storage: Storage): Promise<number> => (await storage.freeBytes()) - RESERVED_BYTES;

/** Bytes that may still be stored once every upload that runs has come. */
export const roomOf = async ({ db, storage }: Pick<Services, 'db' | 'storage'>): Promise<number> => {
  const { rows } = await sql<{ expected: number }>`
    select coalesce(sum(bytes - least(bytes, received)), 0)::float8 as expected
    from upload where ${isLive}`.execute(db);
  return (await freeRoom(storage)) - rows[0]!.expected;
};

/** Whether work may go on: the room that the database needs is not touched. */
export const hasRoom = async (storage: Storage): Promise<boolean> => (await freeRoom(storage)) > 0;
