import { FILE_STATUS } from '@chanjing-avatar/protocol';
import { settlePatiently } from '../database/patiently.js';
import { giveUpAfter } from '../queue/giving-up.js';
import type { Job } from '../queue/job-queue.js';
import { ProgramFailure } from '../renderer/program-failure.js';
import type { Services } from '../services.js';
import { hasRoom } from '../storage/room.js';
import type { FileRow } from './files.js';
import { trackFolder } from './files.js';

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
    return error.fault === 'input' ? error.message : giveUpAfter(services, 'file', file, error);
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
