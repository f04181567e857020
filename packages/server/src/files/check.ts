import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { FILE_STATUS } from '@chanjing-avatar/protocol';
import type { CheckedPicture } from '../database/schema.js';
import { newId } from '../identifiers.js';
import { giveUpAfter } from '../queue/giving-up.js';
import type { Job } from '../queue/job-queue.js';
import { type Duty, performJob } from '../queue/perform-job.js';
import { ProgramFailure } from '../renderer/program-failure.js';
import { checkLimits, recordingLimits, type WorkLimits } from '../renderer/work-limits.js';
import type { Services } from '../services.js';
import { hasRoom } from '../storage/room.js';
import { directOf, secureArrival } from './direct-uploads.js';
import { shareTracks, trackFolder } from './face-tracks.js';
import type { FileRow } from './files.js';

/** What is found out about good material. */
type Findings = { duration: number; picture?: CheckedPicture };

const inspect = async (
  services: Services,
  file: FileRow,
  scratch: string,
  signal: AbortSignal,
): Promise<Findings> => {
  const { program, storage, settings } = services;
  const local = await storage.localFile(file.key, scratch, signal);
  if (file.service === 'lip_sync_audio') {
    const maxSeconds = settings.maxAudioSeconds;
    const limits = (): WorkLimits => recordingLimits(file.size, maxSeconds);
    const { seconds } = await program.run(
      { kind: 'inspect-audio', path: local, maxSeconds },
      { signal, limits },
    );
    return { duration: seconds };
  }
  const faceTracks = trackFolder(services, file);
  const { seconds, ...picture } = await program.run(
    { kind: 'inspect-video', path: local, faceTracks, maxSeconds: settings.maxVideoSeconds },
    { signal, limits: (material) => checkLimits(file.size, material) },
  );
  await shareTracks(services, file);
  return { duration: seconds, picture };
};

/** What is written about a file. */
type Verdict = Pick<FileRow, 'status' | 'msg' | 'reason'> & {
  duration?: number;
  picture?: string;
  uploaded_at?: null;
  size?: 0;
};

const NOT_UPLOADED: Verdict = {
  status: FILE_STATUS.notReady,
  msg: '',
  reason: '',
  uploaded_at: null,
  size: 0,
};

const check = async (services: Services, file: FileRow, signal: AbortSignal): Promise<Verdict> => {
  const direct = directOf(services);
  if (direct && !(await secureArrival(services, direct, file))) return NOT_UPLOADED;
  const scratch = path.join(services.workDir, `check-${newId()}`);
  await mkdir(scratch, { recursive: true });
  try {
    const { duration, picture } = await inspect(services, file, scratch, signal);
    return {
      status: FILE_STATUS.ready,
      msg: '',
      reason: '',
      duration,
      ...(picture && { picture: JSON.stringify(picture) }),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

const dutyOf = (services: Services): Duty<FileRow, Verdict> => ({
  // Bytes that were replaced or deleted need no check.
  begin: (trx, { data }) =>
    trx
      .selectFrom('file')
      .selectAll()
      .where('id', '=', data.id)
      .where('version', '=', data.number!)
      .executeTakeFirst(),
  work: (file, _job, signal) => check(services, file, signal),
  endAfterFailure: async (file, failure) => {
    if (!(failure instanceof ProgramFailure)) throw failure;
    const isMaterial = failure.fault === 'input';
    const msg = isMaterial ? failure.message : await giveUpAfter(services, 'file', file, failure);
    return { status: FILE_STATUS.rejected, msg, reason: isMaterial ? failure.code : 'given-up' };
  },
  settle: async (trx, file, verdict) => {
    const { numUpdatedRows } = await trx
      .updateTable('file')
      .set(verdict)
      .where('id', '=', file.id)
      .where('version', '=', file.version)
      .where('status', '=', FILE_STATUS.notReady)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  },
});

/** Looks at an uploaded file: ready, or rejected with the reason. A video's face track is kept for its tasks. */
export const checkFile = async (services: Services, job: Job, signal: AbortSignal): Promise<void> => {
  if (!(await hasRoom(services.storage))) return services.jobs.retry(job, 'the disk is full');
  await performJob(services, job, signal, dutyOf(services));
};
