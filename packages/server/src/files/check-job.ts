import type { Database } from '../database/database.js';
import { sha256 } from '../identifiers.js';
import type { Services } from '../services.js';
import type { FileRow } from './files.js';

/** A check of so many bytes counts as much as another one, for apps to take fair turns. */
const BYTES_PER_TURN = 10e6;

/** Id of the job that checks a version of a file's bytes; known without looking, so that it can be stopped. */
export const checkJobId = (fileId: string, version: number): string =>
  sha256(`check ${fileId} ${version}`).slice(0, 32);

/** Has a version of a file's bytes checked, in the transaction that accepts them. */
export const enqueueCheck = (
  { jobs }: Pick<Services, 'jobs'>,
  trx: Database,
  { id, app_id: appId, version, size }: Pick<FileRow, 'id' | 'app_id' | 'version' | 'size'>,
): Promise<void> =>
  jobs.enqueue(trx, 'check', {
    id: checkJobId(id, version),
    appId,
    data: { id, number: version },
    cost: 1 + Math.round(size / BYTES_PER_TURN),
  });
