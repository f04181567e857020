import {
  type CompletedPart,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Bucket, call, find, statusOf } from './s3-client.js';
import { inParts } from './s3-parts.js';
import type { DirectAccess } from './storage.js';

/** A storage may be silent while it copies: what is larger goes in parts of this size. */
const COPY_BYTES = 256 * 1024 ** 2;

/** Where an object says which arrived object it is a copy of. */
const ORIGIN = 'origin-tag';

type Source = { readonly CopySource: string; readonly CopySourceIfMatch: string };
type Target = { readonly Bucket: string; readonly Key: string } & Pick<
  CopyObjectCommandInput,
  'ContentType' | 'Metadata'
>;

const copy = async (client: S3Client, source: Source, target: Target): Promise<void> => {
  const command = new CopyObjectCommand({ ...source, ...target, MetadataDirective: 'REPLACE' });
  await call(() => client.send(command));
};

const copyInParts = (client: S3Client, source: Source, target: Target, size: number): Promise<void> =>
  inParts(client, target, async (UploadId) => {
    const { Bucket, Key } = target;
    const parts: CompletedPart[] = [];
    for (let begin = 0; begin < size; begin += COPY_BYTES) {
      const PartNumber = parts.length + 1;
      const CopySourceRange = `bytes=${begin}-${Math.min(begin + COPY_BYTES, size) - 1}`;
      const part = { ...source, Bucket, Key, UploadId, PartNumber, CopySourceRange };
      const { CopyPartResult } = await call(() => client.send(new UploadPartCopyCommand(part)));
      parts.push({ ETag: CopyPartResult?.ETag, PartNumber });
    }
    return parts;
  });

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

    secure: async ({ key: from, tag, size }, key, mimeType) => {
      const there = await find(() => client.send(new HeadObjectCommand(targetOf(key))));
      if (there?.Metadata?.[ORIGIN] === tag) return true;
      const source = { CopySource: `${Bucket}/${encodeURI(prefix + from)}`, CopySourceIfMatch: tag };
      const target = { ...targetOf(key), ContentType: mimeType, Metadata: { [ORIGIN]: tag } };
      try {
        await (size > COPY_BYTES ? copyInParts(client, source, target, size) : copy(client, source, target));
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === 404 || status === 412) return false;
        throw error;
      }
    },
  };
};
