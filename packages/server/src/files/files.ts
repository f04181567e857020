import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { FileDetail, UploadUrl, UploadUrlRequest } from '@chanjing-avatar/protocol';
import { CODE, extensionOf, FILE_STATUS, MEDIA_TYPES, mediaTypeOf } from '@chanjing-avatar/protocol';
import { type Selectable, sql } from 'kysely';
import { batched } from '../database/batched.js';
import type { Database } from '../database/database.js';
import type { FileTable } from '../database/schema.js';
import { ContractError, parameterError } from '../errors/contract-error.js';
import { isId, newId } from '../identifiers.js';
import type { Services } from '../services.js';
import { doom, removeDoomed } from '../storage/doomed-objects.js';
import { hasRoom, roomOf } from '../storage/room.js';
import type { Staged } from '../storage/storage.js';
import { TooLargeError } from '../storage/storage.js';

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

const requireRoom = async (services: Services): Promise<void> => {
  if (await hasRoom(services.storage)) return;
  const msg = "The server's disk is full. Free some space or try again later.";
  throw new ContractError(CODE.internal, msg, 60);
};

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
  await requireRoom(services);
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
    sign_url: services.signer.uploadUrl(baseUrl, id, mimeType),
    mime_type: mimeType,
    file_id: id,
    full_path: services.signer.readUrl(baseUrl, key),
    key,
  };
};

/** What became of an upload. */
export type UploadOutcome = 'stored' | 'unknown-file' | 'already-uploaded';

/** Stops at the size limit, or before the room that the database needs is used up. */
const receiveWithinRoom = async ({ storage, settings }: Services, source: Readable): Promise<Staged> => {
  const room = await roomOf(storage);
  const limit = Math.min(settings.maxUploadBytes, room);
  try {
    return await storage.receive(source, limit);
  } catch (error) {
    if (!(error instanceof TooLargeError) || limit === settings.maxUploadBytes) throw error;
    throw Object.assign(new Error('the upload would fill the disk'), { code: 'ENOSPC' });
  }
};

/**
 * Takes in the bytes of an announced file and has them checked. The same bytes may come any number of times; other
 * bytes replace only refused ones, because bytes that were accepted must not be lost.
 */
export const receiveUpload = async (
  services: Services,
  fileId: string,
  source: Readable,
): Promise<UploadOutcome> => {
  const { db, jobs } = services;
  const staged = await receiveWithinRoom(services, source);
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
          failures: 0,
          uploaded_at: new Date(),
        })
        .where('id', '=', fileId)
        .execute();
      await jobs.enqueue(trx, 'check', {
        id: newId(),
        appId: file.app_id,
        data: { id: fileId, number: version },
      });
      await staged.publish(file.key);
      return 'stored';
    });
    services.wake('check');
    return outcome;
  } finally {
    await staged.discard();
  }
};

/** Media type that the PUT of a file must have, undefined when the file is not known. */
export const announcedType = async ({ db }: Services, fileId: string): Promise<string | undefined> => {
  if (!isId(fileId)) return undefined;
  const row = await db.selectFrom('file').select('mime_type').where('id', '=', fileId).executeTakeFirst();
  return row?.mime_type;
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
});

/** Name of the folder of the face tracks of a video’s bytes. */
export const trackFolderName = ({ id, sha256 }: Pick<FileRow, 'id' | 'sha256'>): string =>
  `${id}-${(sha256 ?? '').slice(0, 16)}`;

export const trackFolder = ({ trackDir }: Services, file: FileRow): string =>
  path.join(trackDir, trackFolderName(file));

/** Lets go of the bytes of a file; its row stays and says why they are gone. */
export const retireFile = async (
  trx: Database,
  file: Pick<FileRow, 'id' | 'key'>,
  status: typeof FILE_STATUS.deleted | typeof FILE_STATUS.purged,
): Promise<void> => {
  const msg = status === FILE_STATUS.deleted ? 'deleted by its owner' : 'purged because of its age';
  await trx
    .updateTable('file')
    .set({ status, msg, version: sql`version + 1` })
    .where('id', '=', file.id)
    .execute();
  await doom(trx, [file.key]);
};

/** Removes a file with everything derived from it, as its owner wishes. One that is gone stays as it is. */
export const deleteFile = async (services: Services, file: FileRow): Promise<void> => {
  if (file.status === FILE_STATUS.deleted || file.status === FILE_STATUS.purged) return;
  await services.db.transaction().execute((trx) => retireFile(trx, file, FILE_STATUS.deleted));
  await removeDoomed(services);
  await rm(trackFolder(services, file), { recursive: true, force: true });
};
