import type { FileDetail, UploadUrl, UploadUrlRequest } from '@chanjing-avatar/protocol';
import { extensionOf, FILE_STATUS, LIMITS, MEDIA_TYPES, mediaTypeOf } from '@chanjing-avatar/protocol';
import { type Selectable, sql } from 'kysely';
import { requireStorage } from '../apps/quotas.js';
import { batched } from '../database/batched.js';
import type { Database } from '../database/database.js';
import type { FileTable } from '../database/schema.js';
import { parameterError } from '../errors/contract-error.js';
import { isId, newId } from '../identifiers.js';
import type { Services } from '../services.js';
import { carryOutDeletions, noteDeletions } from '../storage/pending-deletions.js';
import { checkJobId } from './check-job.js';
import { afterLook, arrivalKey, directOf } from './direct-uploads.js';
import { dropTracks } from './face-tracks.js';
import { requireRoom } from './running-uploads.js';

export type FileRow = Selectable<FileTable>;

/** Finds files for callers that poll, in as few queries as their number allows. */
export const fileReader = (db: Database): ((id: string) => Promise<FileRow | undefined>) =>
  batched<string, FileRow>(async (ids) => {
    const rows = await db.selectFrom('file').selectAll().where('id', 'in', ids).execute();
    return new Map(rows.map((row) => [row.id, row]));
  });

/** An app sees only its own files; another app's id is "not found" like any other. */
export const findFile = async (
  { fileOf }: Services,
  appId: string,
  id: string,
  field: string,
): Promise<FileRow> => {
  const row = isId(id) ? await fileOf(id) : undefined;
  if (row?.app_id !== appId)
    throw parameterError(field, id, 'the id of one of your files: no such file was found');
  return row;
};

/** The same, when it matters whether its bytes have arrived. */
export const findUpload = async (
  services: Services,
  ...which: [appId: string, id: string, field: string]
): Promise<FileRow> => afterLook(services, await findFile(services, ...which));

/** Announces a file and says where to PUT it. */
export const createUploadUrl = async (
  services: Services,
  appId: string,
  { service, name }: UploadUrlRequest,
  baseUrl: string,
): Promise<UploadUrl> => {
  const mimeType = mediaTypeOf(service, name);
  if (!mimeType) {
    const allowed = Object.keys(MEDIA_TYPES[service]).join(', ');
    throw parameterError('name', name, `a name that ends in one of: ${allowed}`);
  }
  const direct = directOf(services);
  if (!direct) await requireRoom(services);
  await services.db.transaction().execute((trx) => requireStorage(trx, appId, 1));
  const id = newId();
  const key = `uploads/${id}.${extensionOf(name)}`;
  await services.db
    .insertInto('file')
    .values({
      id,
      app_id: appId,
      service,
      name,
      mime_type: mimeType,
      key,
      status: FILE_STATUS.notReady,
      sha256: null,
      uploaded_at: null,
    })
    .execute();
  return {
    sign_url: direct
      ? await direct.uploadUrl(arrivalKey({ key }), mimeType, LIMITS.uploadUrlSeconds)
      : services.signer.uploadUrl(baseUrl, id, mimeType),
    mime_type: mimeType,
    file_id: id,
    full_path: services.signer.readUrl(baseUrl, key),
    key,
  };
};

export const fileDetail = (services: Services, file: FileRow, baseUrl: string): FileDetail => ({
  id: file.id,
  name: file.name,
  service: file.service,
  mime_type: file.mime_type,
  size: file.size,
  full_path: services.signer.readUrl(baseUrl, file.key),
  create_time: Math.floor(file.created_at.getTime() / 1000),
  status: (file.status === FILE_STATUS.ready
    ? services.settings.fileReadyStatus
    : file.status) as FileDetail['status'],
  msg: file.msg,
  ...(file.reason && { reason: file.reason }),
  ...pictureOf(file),
});

/** What was found in a video that is ready. */
const pictureOf = ({ status, picture }: FileRow): Pick<FileDetail, 'picture'> => {
  if (status !== FILE_STATUS.ready || !picture?.faces) return {};
  const { width, height, faces } = picture;
  return { picture: { width, height, faces } };
};

/** Lets go of the bytes of a file, and of its check; its row stays and says why they are gone. */
export const retireFile = async (
  { jobs }: Pick<Services, 'jobs'>,
  trx: Database,
  file: Pick<FileRow, 'id' | 'key' | 'version'>,
  status: typeof FILE_STATUS.deleted | typeof FILE_STATUS.purged,
): Promise<void> => {
  const msg = status === FILE_STATUS.deleted ? 'deleted by its owner' : 'purged because of its age';
  // Before the file is locked: who settles its check holds that and waits for the file.
  await jobs.cancel(trx, 'check', checkJobId(file.id, file.version));
  const { version } = await trx
    .updateTable('file')
    .set({ status, msg, version: sql`version + 1` })
    .where('id', '=', file.id)
    .returning('version')
    .executeTakeFirstOrThrow();
  // Other bytes may have arrived meanwhile.
  if (version - 1 !== file.version) await jobs.cancel(trx, 'check', checkJobId(file.id, version - 1));
  await noteDeletions(trx, [file.key, arrivalKey(file)]);
};

/** Removes a file with everything derived from it, as its owner wishes. One that is gone stays as it is. */
export const deleteFile = async (services: Services, file: FileRow): Promise<void> => {
  if (file.status === FILE_STATUS.deleted || file.status === FILE_STATUS.purged) return;
  await services.db.transaction().execute((trx) => retireFile(services, trx, file, FILE_STATUS.deleted));
  services.abort('check', checkJobId(file.id, file.version));
  await carryOutDeletions(services);
  await dropTracks(services, file);
};
