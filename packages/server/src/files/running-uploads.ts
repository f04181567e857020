import { CODE } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import { requireStorage } from '../apps/quotas.js';
import type { Database } from '../database/database.js';
import { ContractError } from '../errors/contract-error.js';
import { newId } from '../identifiers.js';
import type { Services } from '../services.js';
import { isLive, roomOf } from '../storage/room.js';

/** A running upload says this often that it lives and how far it is. */
const RENEW_MS = 1000;

/** Uploads are counted one after another: at the same time, none would see the others. */
const ROOM_LOCK = 4243;

/** Why a body is not received. */
export type UploadRefusal = 'busy' | 'no-room';

/** The room that is kept for a body while it comes. */
export type RunningUpload = {
  /** Notes how many bytes have come. */
  received(bytes: number): void;
  end(): Promise<void>;
};

type Wanted = { readonly fileId: string; readonly appId: string; readonly bytes: number };

class Refused extends Error {
  readonly refusal: UploadRefusal;

  constructor(refusal: UploadRefusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

const claimRoom = async (services: Services, trx: Database, claim: string, wanted: Wanted): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${ROOM_LOCK}, 0)`.execute(trx);
  await sql`delete from upload where not ${isLive}`.execute(trx);
  await requireStorage(trx, wanted.appId, wanted.bytes);
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('upload')
    .values({ file_id: wanted.fileId, app_id: wanted.appId, claim, bytes: wanted.bytes })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) throw new Refused('busy');
  if ((await roomOf({ db: trx, storage: services.storage })) < 0) throw new Refused('no-room');
};

/**
 * Reserves the room of a whole body before its first byte is taken in, so that many slow ones together cannot use up
 * what the database needs. One body at a time may come to a file. Throws {@link ContractError} over the app's quota.
 */
export type BeginUpload = (wanted: Wanted) => Promise<RunningUpload | UploadRefusal>;

/**
 * The database decides, for all servers. Hundreds at once would take all of its connections to wait for each other, so
 * each server asks for one after another, and does not ask about files of which it has a body coming.
 */
export const runningUploads = (services: Services): BeginUpload => {
  const { db } = services;
  const here = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();

  const claimInTurn = (claim: string, wanted: Wanted): Promise<void> => {
    const mine = last.then(() => db.transaction().execute((trx) => claimRoom(services, trx, claim, wanted)));
    last = mine.catch(() => {});
    return mine;
  };

  const holdClaim = ({ fileId }: Wanted, claim: string): RunningUpload => {
    let bytes = 0;
    let renewing: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      renewing = db
        .updateTable('upload')
        .set({ received: bytes, renewed_at: sql<Date>`clock_timestamp()` as never })
        .where('file_id', '=', fileId)
        .where('claim', '=', claim)
        .execute()
        // The database comes back before the claim lapses, or the upload fails with it.
        .catch(() => {});
    }, RENEW_MS);
    return {
      received: (count) => {
        bytes = count;
      },
      end: async () => {
        clearInterval(timer);
        await renewing;
        here.delete(fileId);
        await db
          .deleteFrom('upload')
          .where('file_id', '=', fileId)
          .where('claim', '=', claim)
          .execute()
          // It lapses.
          .catch(() => {});
      },
    };
  };

  return async (wanted) => {
    if (here.has(wanted.fileId)) return 'busy';
    here.add(wanted.fileId);
    const claim = newId();
    try {
      await claimInTurn(claim, wanted);
    } catch (error) {
      here.delete(wanted.fileId);
      if (error instanceof Refused) return error.refusal;
      throw error;
    }
    return holdClaim(wanted, claim);
  };
};

/** Throws {@link ContractError} when no further file fits. */
export const requireRoom = async (services: Services): Promise<void> => {
  if ((await roomOf(services)) > 0) return;
  const msg = "The server's disk is full. Free some space or try again later.";
  throw new ContractError(CODE.internal, msg, 60);
};
