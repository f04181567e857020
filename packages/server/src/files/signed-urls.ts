import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { LIMITS } from '@chanjing-avatar/protocol';
import type { Database } from '../database/database.js';

/** Makes and checks the URLs that need no token because they carry their own proof. */
export type UrlSigner = {
  /** Where a file may be PUT for 15 minutes, with exactly this media type. */
  uploadUrl(baseUrl: string, fileId: string, mimeType: string): string;
  checkUpload(
    fileId: string,
    mimeType: string,
    expires: string,
    signature: string,
  ): 'ok' | 'expired' | 'wrong';
  /** Where an object can be read as long as it exists. */
  readUrl(baseUrl: string, key: string): string;
  checkRead(key: string, signature: string): boolean;
};

const SIGNING_KEY = 'url-signing-key';

const signingKey = async (db: Database): Promise<Buffer> => {
  await db
    .insertInto('secret')
    .values({ name: SIGNING_KEY, value: randomBytes(32).toString('hex') })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom('secret')
    .select('value')
    .where('name', '=', SIGNING_KEY)
    .executeTakeFirstOrThrow();
  return Buffer.from(row.value, 'hex');
};

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));

/** The key is made once and kept in the database, so that URLs outlive restarts and work on every server. */
export const openUrlSigner = async (db: Database): Promise<UrlSigner> => {
  const key = await signingKey(db);
  const sign = (...parts: (string | number)[]): string =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex');
  const readSignature = (objectKey: string): string => sign('read', objectKey).slice(0, 32);

  return {
    uploadUrl: (baseUrl, fileId, mimeType) => {
      const expires = Math.floor(Date.now() / 1000) + LIMITS.uploadUrlSeconds;
      const signature = sign('upload', fileId, mimeType, String(expires));
      return `${baseUrl}/upload/${fileId}?expires=${expires}&signature=${signature}`;
    },
    checkUpload: (fileId, mimeType, expires, signature) => {
      if (!equal(signature, sign('upload', fileId, mimeType, expires))) return 'wrong';
      return Number(expires) * 1000 > Date.now() ? 'ok' : 'expired';
    },
    readUrl: (baseUrl, objectKey) => `${baseUrl}/files/${readSignature(objectKey)}/${objectKey}`,
    checkRead: (objectKey, signature) => equal(signature, readSignature(objectKey)),
  };
};
