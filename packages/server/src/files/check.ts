import { FILE_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import { settlePatiently } from '../database/patiently.js';
import type { Job } from '../queue/job-queue.js';
import { ProgramFailure } from '../renderer/render-program.js';
import type { Services } from '../services.js';
import { hasRoom } from '../storage/room.js';
import type { FileRow } from './files.js';
import { trackFolder } from './files.js';

/** A file is refused after this many checks that broke for reasons of the machine. */
const MAX_FAILURES = 8;

const inspect = async (services: Services, file: FileRow, signal: AbortSignal): Promise<void> => {
  const { program, storage, settings } = services;
  const path = await storage.localFile(file.key);
  if (file.service === 'lip_sync_audio') {
    await program.run({ kind: 'inspect-audio', path, maxSeconds: settings.maxAudioSeconds }, { signal });
    return;
  }
  const faceTracks = trackFolder(services, file);
  await program.run(
    { kind: 'inspect-video', path, faceTracks, maxSeconds: settings.maxVideoSeconds },
    { signal },
  );
};

/** Why the file is refused, empty when it is good. Throws when it could not be found out. */
const verdictOn = async (services: Services, file: FileRow, signal: AbortSignal): Promise<string> => {
  try {
    await inspect(services, file, signal);
    return '';
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    if (error.fault === 'input') return error.message;
    // A full disk is no fault of the file.
    if (!(await hasRoom(services.storage))) throw error;
    const { failures } = await services.db
      .updateTable('file')
      .set({ failures: sql`failures + 1` })
      .where('id', '=', file.id)
      .returning('failures')
      .executeTakeFirstOrThrow();
    if (failures < MAX_FAILURES) throw error;
    return `The check of this file failed ${failures} times: ${error.message} Upload it again or ask the operator.`;
  }
};

/** Looks at an uploaded file: ready, or rejected with the reason. A video's face track is kept for its tasks. */
export const checkFile = async (services: Services, job: Job, signal: AbortSignal): Promise<void> => {
  const { db, jobs, storage } = services;
  if (!(await hasRoom(storage))) return jobs.retry(job, 'the disk is full');
  const file = await db.selectFrom('file').selectAll().where('id', '=', job.data.id).executeTakeFirst();
  const current = file !== undefined && file.version === job.data.number;
  let msg = '';
  if (current) {
    try {
      msg = await verdictOn(services, file, signal);
    } catch (error) {
      if (signal.aborted) return void (await jobs.retry(job, String(signal.reason)));
      throw error;
    }
  }
  await settlePatiently(() =>
    db.transaction().execute(async (trx) => {
      if (current) {
        await trx
          .updateTable('file')
          .set({ status: msg === '' ? FILE_STATUS.ready : FILE_STATUS.rejected, msg })
          .where('id', '=', file.id)
          .where('version', '=', file.version)
          .where('status', '=', FILE_STATUS.notReady)
          .execute();
      }
      await jobs.complete(trx, job);
    }),
  );
};
