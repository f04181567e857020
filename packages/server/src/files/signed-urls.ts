import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { LIMITS } from '@chanjing-avatar/protocol';
import type { Database } from '../database/database.js';
import type { Settings } from '../settings.js';

type Verdict = 'ok' | 'expired' | 'wrong';

/** Makes and checks the URLs that need no token because they carry their own proof. */
export type UrlSigner = {
  /** Where a file may be PUT for 15 minutes, with exactly this media type. */
  uploadUrl(baseUrl: string, fileId: string, mimeType: string): string;
  checkUpload(fileId: string, mimeType: string, expires: string, signature: string): Verdict;
  /** Where an object can be read as long as it exists, or for a time. */
  readUrl(baseUrl: string, key: string): string;
  /** @param expires what the URL says, empty for nothing */
  checkRead(key: string, expires: string, signature: string): Verdict;
  close(): void;
};

const SIGNING_KEY = 'url-signing-key';
/** A key that was replaced is known everywhere after this time. */
const REFRESH_MS = 5000;

const newKey = (): string => randomBytes(32).toString('hex');

const signingKey = async (db: Database): Promise<Buffer> => {
  const row = await db
    .selectFrom('secret')
    .select('value')
    .where('name', '=', SIGNING_KEY)
    .executeTakeFirstOrThrow();
  return Buffer.from(row.value, 'hex');
};

/** Makes another key: every URL that was given out ends. */
export const rotateSigningKey = async (db: Database): Promise<void> => {
  await db
    .insertInto('secret')
    .values({ name: SIGNING_KEY, value: newKey() })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: newKey() }))
    .execute();
};

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));

const isPast = (unixSeconds: string): boolean => Number(unixSeconds) * 1000 <= Date.now();

/**
 * When a URL that is made now ends, Unix time in seconds: after one to two times its minutes, on a grid, so that a URL
 * stays the same between two looks and caches know it.
 */
const endOf = (minutes: number): number => {
  const seconds = minutes * 60;
  return (Math.floor(Date.now() / 1000 / seconds) + 2) * seconds;
};

/** What was made; other objects are for their app alone. */
const isResult = (objectKey: string): boolean => /^(lip-sync|speech)\//.test(objectKey);

/**
 * The key is made once and kept in the database, so that URLs outlive restarts and work on every server.
 *
 * @property urlMinutes that URLs to read are good for at least, 0 for ever
 * @property resultsUrl where anybody may read results; empty for nowhere
 */
export const openUrlSigner = async (
  { db }: { readonly db: Database },
  { urlMinutes: readMinutes, resultsUrl, s3Prefix }: Pick<Settings, 'urlMinutes' | 'resultsUrl' | 's3Prefix'>,
): Promise<UrlSigner> => {
  await db
    .insertInto('secret')
    .values({ name: SIGNING_KEY, value: newKey() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  let key = await signingKey(db);
  const refresh = setInterval(() => {
    signingKey(db).then(
      (current) => {
        key = current;
      },
      // The database is away; the key that is known will do.
      () => {},
    );
  }, REFRESH_MS);
  refresh.unref();
  const sign = (...parts: (string | number)[]): string =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex');
  const readSignature = (objectKey: string, expires: string): string =>
    sign('read', objectKey, ...(expires === '' ? [] : [expires])).slice(0, 32);

  return {
    uploadUrl: (baseUrl, fileId, mimeType) => {
      const expires = Math.floor(Date.now() / 1000) + LIMITS.uploadUrlSeconds;
      const signature = sign('upload', fileId, mimeType, String(expires));
      return `${baseUrl}/upload/${fileId}?expires=${expires}&signature=${signature}`;
    },
    checkUpload: (fileId, mimeType, expires, signature) => {
      if (!equal(signature, sign('upload', fileId, mimeType, expires))) return 'wrong';
      return isPast(expires) ? 'expired' : 'ok';
    },
    readUrl: (baseUrl, objectKey) => {
      if (resultsUrl && isResult(objectKey)) return `${resultsUrl}/${s3Prefix}${objectKey}`;
      const expires = readMinutes > 0 ? String(endOf(readMinutes)) : '';
      const query = expires === '' ? '' : `?expires=${expires}`;
      return `${baseUrl}/files/${readSignature(objectKey, expires)}/${objectKey}${query}`;
    },
    checkRead: (objectKey, expires, signature) => {
      if (!equal(signature, readSignature(objectKey, expires))) return 'wrong';
      // URLs without an end were given out before the setting; they end with it.
      if (expires === '') return readMinutes > 0 ? 'expired' : 'ok';
      return isPast(expires) ? 'expired' : 'ok';
    },
    close: () => clearInterval(refresh),
  };
};
