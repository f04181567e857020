import { sql } from 'kysely';
import { isDatabaseAway } from '../database/database.js';
import { publicReason } from '../renderer/program-failure.js';
import type { Services } from '../services.js';
import { hasRoom } from '../storage/room.js';
import { StorageAwayError } from '../storage/storage.js';

/**
 * Work is given up after so many tries that failed for reasons of the machine while the server lived. The names are
 * those of the tables that count them.
 */
const WORK = {
  task: { name: 'render', maxFailures: 4, again: 'Create the task again later' },
  speech: { name: 'speech', maxFailures: 4, again: 'Ask for it again later' },
  file: { name: 'check of this file', maxFailures: 8, again: 'Upload it again later' },
} as const;

/** … or after this many that began at all: the work may be what kills the server. */
export const MAX_STARTS = 25;

/** The last word on work that was begun too often. */
export const interruptedTooOften = (kind: 'task' | 'speech'): string =>
  `The ${WORK[kind].name} was interrupted ${MAX_STARTS} times. Expected it to run to its end. ${WORK[kind].again}; if it happens again, tell the operator.`;

/**
 * Counts a failure that is not the material's. Throws it while the work should be tried again, else returns the last
 * word on it; what exactly failed is in the log.
 */
export const giveUpAfter = async (
  { db, storage, log }: Services,
  kind: keyof typeof WORK,
  row: { readonly id: string; readonly trace_id?: string },
  failure: unknown,
): Promise<string> => {
  // The work waits until database and storage are back and the disk has room; none is a failure of its own.
  const isAway = isDatabaseAway(failure) || failure instanceof StorageAwayError;
  if (isAway || !(await hasRoom(storage))) throw failure;
  const { rows } = await sql<{ failures: number }>`
    update ${sql.table(kind)} set failures = failures + 1 where id = ${row.id} returning failures`.execute(
    db,
  );
  const { name, maxFailures, again } = WORK[kind];
  const failures = rows[0]?.failures ?? 0;
  if (failures < maxFailures) throw failure;
  log.error({ [kind]: row.id, trace_id: row.trace_id, error: String(failure) }, 'given up');
  return `The ${name} failed ${failures} times: ${publicReason(failure)} Expected it to end well. ${again}; if it keeps failing, tell the operator.`;
};
