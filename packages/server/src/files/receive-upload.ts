import type { Readable } from 'node:stream';
import { FILE_STATUS } from '@chanjing-avatar/protocol';
import { isId } from '../identifiers.js';
import type { Services } from '../services.js';
import type { Receive, Staged } from '../storage/storage.js';
import { enqueueCheck } from './check-job.js';
import type { FileRow } from './files.js';
import { keepPace } from './keep-pace.js';
import type { BeginUpload, RunningUpload, UploadRefusal } from './running-uploads.js';

/** What became of an upload. */
export type UploadOutcome = 'stored' | 'unknown-file' | 'already-uploaded' | UploadRefusal;

/** A body that is announced, in bytes; undefined when its sender does not know. */
type Body = {
  readonly source: Readable;
  readonly bytes: number | undefined;
  /** Bytes that were kept before; the source is the rest. */
  readonly from: number;
};

/** Takes in a body for which there is room, as long as it comes fast enough. */
const receiveBody = async (
  receive: Receive,
  settings: Services['settings'],
  { source, bytes, from }: Body,
  upload: RunningUpload,
  name: string,
): Promise<Staged> => {
  const pace = keepPace(settings.minUploadRate);
  try {
    return await receive(source, bytes ?? settings.maxUploadBytes, {
      signal: pace.signal,
      // Only of a body whose end is known can the rest be sent.
      ...(bytes !== undefined && { part: { name, from } }),
      onBytes: (count) => {
        pace.received(count);
        upload.received(count);
      },
    });
  } catch (error) {
    throw pace.signal.aborted ? pace.signal.reason : error;
  } finally {
    pace.end();
  }
};

/**
 * Takes in the bytes of an announced file and has them checked. The same bytes may come any number of times; other
 * bytes replace only refused ones, because bytes that were accepted must not be lost. Throws {@link TooLargeError},
 * {@link TooSlowError}, and {@link ContractError} over the app's quota.
 */
export const receiveUpload = async (
  services: Services,
  receive: Receive,
  beginUpload: BeginUpload,
  file: Pick<FileRow, 'id' | 'app_id'>,
  body: Body,
): Promise<UploadOutcome> => {
  const bytes = body.bytes ?? services.settings.maxUploadBytes;
  const upload = await beginUpload({ fileId: file.id, appId: file.app_id, bytes });
  if (typeof upload === 'string') return upload;
  try {
    const staged = await receiveBody(receive, services.settings, body, upload, file.id);
    return await keepUpload(services, file.id, staged);
  } finally {
    await upload.end();
  }
};

/** Gives the bytes their name and has them checked, together or not at all. */
const keepUpload = async (services: Services, fileId: string, staged: Staged): Promise<UploadOutcome> => {
  const { db } = services;
  try {
    const outcome = await db.transaction().execute(async (trx): Promise<UploadOutcome> => {
      const file = await trx
        .selectFrom('file')
        .selectAll()
        .where('id', '=', fileId)
        .forUpdate()
        .executeTakeFirst();
      if (!file || file.status === FILE_STATUS.deleted || file.status === FILE_STATUS.purged) {
        return 'unknown-file';
      }
      if (file.uploaded_at && file.status !== FILE_STATUS.rejected) {
        return file.sha256 === staged.sha256 ? 'stored' : 'already-uploaded';
      }
      const version = file.version + 1;
      await trx
        .updateTable('file')
        .set({
          size: staged.size,
          sha256: staged.sha256,
          version,
          status: FILE_STATUS.notReady,
          msg: '',
          reason: '',
          failures: 0,
          duration: null,
          picture: null,
          uploaded_at: new Date(),
        })
        .where('id', '=', fileId)
        .execute();
      await enqueueCheck(services, trx, { ...file, version, size: staged.size });
      await staged.publish(file.key);
      return 'stored';
    });
    services.wake('check');
    return outcome;
  } finally {
    await staged.discard();
  }
};

/** What the PUT of a file is checked against, undefined when the file is not known. */
export const announcedFile = async (
  { db }: Services,
  fileId: string,
): Promise<Pick<FileRow, 'id' | 'app_id' | 'mime_type'> | undefined> => {
  if (!isId(fileId)) return undefined;
  return db
    .selectFrom('file')
    .select(['id', 'app_id', 'mime_type'])
    .where('id', '=', fileId)
    .executeTakeFirst();
};
