import { FILE_STATUS } from '@chanjing-avatar/protocol';
import { settlePatiently } from '../database/patiently.js';
import type { CheckedPicture } from '../database/schema.js';
import { giveUpAfter } from '../queue/giving-up.js';
import type { Job } from '../queue/job-queue.js';
import { ProgramFailure } from '../renderer/program-failure.js';
import { checkLimits, recordingLimits, type WorkLimits } from '../renderer/work-limits.js';
import type { Services } from '../services.js';
import { hasRoom } from '../storage/room.js';
import type { FileRow } from './files.js';
import { trackFolder } from './files.js';

/** What is found out about good material. */
type Findings = { duration: number; picture?: CheckedPicture };

const inspect = async (services: Services, file: FileRow, signal: AbortSignal): Promise<Findings> => {
  const { program, storage, settings } = services;
  const path = await storage.localFile(file.key);
  if (file.service === 'lip_sync_audio') {
    const maxSeconds = settings.maxAudioSeconds;
    const limits = (): WorkLimits => recordingLimits(file.size, maxSeconds);
    const { seconds } = await program.run({ kind: 'inspect-audio', path, maxSeconds }, { signal, limits });
    return { duration: seconds };
  }
  const faceTracks = trackFolder(services, file);
  const { seconds, ...picture } = await program.run(
    { kind: 'inspect-video', path, faceTracks, maxSeconds: settings.maxVideoSeconds },
    { signal, limits: (material) => checkLimits(file.size, material) },
  );
  return { duration: seconds, picture };
};

/** What is written about a file. */
type Verdict = Pick<FileRow, 'status' | 'msg'> & { duration?: number; picture?: string };

/** Throws when it could not be found out. */
const verdictOn = async (services: Services, file: FileRow, signal: AbortSignal): Promise<Verdict> => {
  try {
    const { duration, picture } = await inspect(services, file, signal);
    const found = { duration, ...(picture && { picture: JSON.stringify(picture) }) };
    return { status: FILE_STATUS.ready, msg: '', ...found };
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    const isMaterial = error.fault === 'input';
    const msg = isMaterial ? error.message : await giveUpAfter(services, 'file', file, error);
    return { status: FILE_STATUS.rejected, msg };
  }
};

/** Looks at an uploaded file: ready, or rejected with the reason. A video's face track is kept for its tasks. */
export const checkFile = async (services: Services, job: Job, signal: AbortSignal): Promise<void> => {
  const { db, jobs, storage } = services;
  if (!(await hasRoom(storage))) return jobs.retry(job, 'the disk is full');
  const file = await db.selectFrom('file').selectAll().where('id', '=', job.data.id).executeTakeFirst();
  const current = file !== undefined && file.version === job.data.number;
  let verdict: Verdict | undefined;
  if (current) {
    try {
      verdict = await verdictOn(services, file, signal);
    } catch (error) {
      if (signal.aborted) return void (await jobs.retry(job, String(signal.reason)));
      throw error;
    }
  }
  await settlePatiently(() =>
    db.transaction().execute(async (trx) => {
      if (current && verdict) {
        await trx
          .updateTable('file')
          .set(verdict)
          .where('id', '=', file.id)
          .where('version', '=', file.version)
          .where('status', '=', FILE_STATUS.notReady)
          .execute();
      }
      await jobs.complete(trx, job);
    }),
  );
};
