import { FILE_STATUS, LIMITS } from '@chanjing-avatar/protocol';
import { requireStorage } from '../apps/quotas.js';
import type { Database } from '../database/database.js';
import { ContractError } from '../errors/contract-error.js';
import { sha256 } from '../identifiers.js';
import type { Services } from '../services.js';
import type { ArrivedObject, DirectAccess } from '../storage/storage.js';
import { enqueueCheck } from './check-job.js';
import type { FileRow } from './files.js';

// Where callers put bytes straight into the storage, nobody tells the server. It looks when the file is asked for, and
// from time to time. Bytes arrive under a name that their sender can still write to; the check first gives them their
// own name, so that bytes that were accepted cannot be replaced.

/** An upload that began before its URL ended may take long. */
const UPLOAD_MS = LIMITS.uploadUrlSeconds * 1000 + 6 * 3_600_000;
/** What arrived and nobody waits for is removed after this time. */
const LEFTOVER_MS = 3_600_000;

const ARRIVALS = 'incoming/';

/** Where the bytes of a file arrive. */
export const arrivalKey = ({ key }: Pick<FileRow, 'key'>): string => key.replace(/^uploads\//, ARRIVALS);

export const directOf = ({ storage }: Pick<Services, 'storage'>): DirectAccess | undefined =>
  'direct' in storage.uploads ? storage.uploads.direct : undefined;

/** Bytes may come to files that have none, and to those whose bytes were refused. */
const isOpen = ({ status, uploaded_at: uploadedAt }: FileRow): boolean =>
  (status === FILE_STATUS.notReady && !uploadedAt) || status === FILE_STATUS.rejected;

type Arrival = Pick<ArrivedObject, 'size' | 'tag' | 'mimeType'>;

type Refusal = Pick<FileRow, 'msg' | 'reason'>;

/** Why the bytes cannot be the file, undefined when they can. */
const refusalOf = async (
  { settings }: Services,
  trx: Database,
  file: FileRow,
  { size, mimeType }: Arrival,
): Promise<Refusal | undefined> => {
  const limit = settings.maxUploadBytes;
  if (size > limit) {
    const msg = `The file is larger than ${limit} bytes. Expected at most so many. Upload a smaller one.`;
    return { msg, reason: 'upload-too-large' };
  }
  if (mimeType !== file.mime_type) {
    const msg = `The file came with Content-Type ${mimeType}. Expected its mime_type ${file.mime_type}. Upload it with that.`;
    return { msg, reason: 'upload-type' };
  }
  try {
    await requireStorage(trx, file.app_id, size);
    return undefined;
  } catch (error) {
    if (error instanceof ContractError) return { msg: error.message, reason: 'over-quota' };
    throw error;
  }
};

/** Has the bytes that arrived checked, or refuses them. Once, whoever notices them. */
const takeNote = async (services: Services, id: string, arrival: Arrival): Promise<void> => {
  await services.db.transaction().execute(async (trx) => {
    const file = await trx.selectFrom('file').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (!file || !isOpen(file)) return;
    const refusal = await refusalOf(services, trx, file, arrival);
    // Before the refusal can be read, or it could hit the next try of whoever reads it.
    if (refusal) await services.storage.delete(arrivalKey(file));
    const version = file.version + 1;
    await trx
      .updateTable('file')
      .set({
        size: refusal ? 0 : arrival.size,
        sha256: sha256(`${arrival.tag} ${arrival.size}`),
        arrived_tag: arrival.tag,
        version,
        status: refusal ? FILE_STATUS.rejected : FILE_STATUS.notReady,
        msg: refusal?.msg ?? '',
        reason: refusal?.reason ?? '',
        failures: 0,
        duration: null,
        picture: null,
        uploaded_at: new Date(),
      })
      .where('id', '=', id)
      .execute();
    if (!refusal) await enqueueCheck(services, trx, { ...file, version, size: arrival.size });
  });
  services.wake('check');
};

/** The file as it is once it was looked whether its bytes have arrived. */
export const afterLook = async (services: Services, file: FileRow): Promise<FileRow> => {
  const direct = directOf(services);
  if (!direct || !isOpen(file) || Date.now() - file.created_at.getTime() > UPLOAD_MS) return file;
  try {
    const arrival = await direct.arrived(arrivalKey(file));
    if (!arrival) return file;
    await takeNote(services, file.id, arrival);
  } catch (error) {
    services.log.warn({ file: file.id, error: String(error) }, 'could not look for an upload');
    return file;
  }
  return (await services.fileOf(file.id)) ?? file;
};

/**
 * Gives the bytes of this version of a file their own name. False when their sender has replaced or removed them
 * meanwhile: then they have not been uploaded.
 */
export const secureArrival = async (
  services: Services,
  direct: DirectAccess,
  file: FileRow,
): Promise<boolean> => {
  const key = arrivalKey(file);
  const isSecure = await direct.secure(
    { key, tag: file.arrived_tag!, size: file.size },
    file.key,
    file.mime_type,
  );
  if (isSecure) await services.storage.delete(key);
  return isSecure;
};

/** Notes what has arrived, and removes what nobody waits for. */
export const lookAtArrivals = async (services: Services): Promise<void> => {
  if (!directOf(services)) return;
  for await (const { key, modified } of services.storage.list(ARRIVALS)) {
    const file = await services.fileOf(key.slice(ARRIVALS.length).replace(/\..*$/, ''));
    if (file && isOpen(file)) await afterLook(services, file);
    else if (Date.now() - modified.getTime() > LEFTOVER_MS) await services.storage.delete(key);
  }
};
