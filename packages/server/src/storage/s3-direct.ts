import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Bucket, call, find, statusOf } from './s3-client.js';
import type { DirectAccess } from './storage.js';

/** Where an object says which arrived object it is a copy of. */
const ORIGIN = 'origin-tag';

/** What callers do in the bucket themselves. */
export const openDirectAccess = async ({
  client,
  signing,
  name: Bucket,
  prefix,
}: Bucket): Promise<DirectAccess> => {
  const targetOf = (key: string): { Bucket: string; Key: string } => ({ Bucket, Key: prefix + key });

  const uploadUrl: DirectAccess['uploadUrl'] = (key, mimeType, seconds) =>
    getSignedUrl(signing, new PutObjectCommand({ ...targetOf(key), ContentType: mimeType }), {
      expiresIn: seconds,
      signableHeaders: new Set(['host', 'content-type']),
    });

  return {
    uploadUrl,
    origin: new URL(await uploadUrl('origin', 'text/plain', 1)).origin,

    readUrl: (key, method, seconds) => {
      const target = { ...targetOf(key), ResponseCacheControl: 'private, max-age=3600' };
      const read = method === 'GET' ? new GetObjectCommand(target) : new HeadObjectCommand(target);
      return getSignedUrl(signing, read as GetObjectCommand, { expiresIn: seconds });
    },

    arrived: async (key) => {
      const found = await find(() => client.send(new HeadObjectCommand(targetOf(key))));
      if (!found?.ETag) return undefined;
      const {
        ContentLength: size = 0,
        LastModified: modified = new Date(),
        ContentType: mimeType = '',
      } = found;
      return { key, size, modified, tag: found.ETag, mimeType };
    },

    secure: async ({ key: from, tag }, key, mimeType) => {
      const there = await find(() => client.send(new HeadObjectCommand(targetOf(key))));
      if (there?.Metadata?.[ORIGIN] === tag) return true;
      const copy = new CopyObjectCommand({
        ...targetOf(key),
        CopySource: `${Bucket}/${encodeURI(prefix + from)}`,
        CopySourceIfMatch: tag,
        MetadataDirective: 'REPLACE',
        ContentType: mimeType,
        Metadata: { [ORIGIN]: tag },
      });
      try {
        await call(() => client.send(copy));
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === 404 || status === 412) return false;
        throw error;
      }
    },
  };
};
