import { createWriteStream } from 'node:fs';
import { type FileHandle, open, statfs } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CompletedPart,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Settings } from '../settings.js';
import { contentTypeOf } from './content-types.js';
import { type ObjectCache, objectCache } from './object-cache.js';
import { type Bucket, call, find, nameFailure, openBucket } from './s3-client.js';
import { openDirectAccess } from './s3-direct.js';
import { inParts } from './s3-parts.js';
import { type Storage, StorageAwayError } from './storage.js';

/** What is held in memory of a file on its way; larger files go in parts of this size, of which S3 takes 10 000. */
const PART_BYTES = 16 * 1024 ** 2;
/** What took minutes to make is worth waiting for a storage that is coming back. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 1000;

/** Does it again while the storage is away. */
const patiently = async <Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> => {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageAwayError) || Date.now() > end) throw error;
      await sleep(PAUSE_MS, undefined, signal ? { signal } : {});
    }
  }
};

type Target = { readonly Bucket: string; readonly Key: string };

const readPart = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('a file became shorter while it was stored');
  return buffer;
};

const putWhole = async (
  { client }: Bucket,
  target: Target,
  ContentType: string,
  file: FileHandle,
  size: number,
  signal?: AbortSignal,
): Promise<void> => {
  const put = new PutObjectCommand({ ...target, ContentType, Body: await readPart(file, 0, size) });
  await call(() => client.send(put, signal ? { abortSignal: signal } : {}));
};

/** One part after the other, of which one is in memory. */
const putInParts = (
  { client }: Bucket,
  target: Target,
  ContentType: string,
  file: FileHandle,
  size: number,
  signal?: AbortSignal,
): Promise<void> =>
  inParts(client, { ...target, ContentType }, async (UploadId) => {
    const options = signal ? { abortSignal: signal } : {};
    const parts: CompletedPart[] = [];
    for (let position = 0; position < size; position += PART_BYTES) {
      const Body = await readPart(file, position, Math.min(PART_BYTES, size - position));
      const part = { ...target, UploadId, PartNumber: parts.length + 1, Body };
      const { ETag } = await patiently(
        () => call(() => client.send(new UploadPartCommand(part), options)),
        signal,
      );
      parts.push({ ETag, PartNumber: part.PartNumber });
    }
    signal?.throwIfAborted();
    return parts;
  });

/** Fetches an object into a file, going on where a connection was cut. */
const download = async (
  { client }: Bucket,
  target: Target,
  tag: string,
  size: number,
  file: string,
): Promise<void> => {
  let have = 0;
  await patiently(async () => {
    while (have < size) {
      const Range = `bytes=${have}-${size - 1}`;
      const { Body } = await call(() =>
        client.send(new GetObjectCommand({ ...target, Range, IfMatch: tag })),
      );
      const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const chunk of source) {
          have += chunk.length;
          yield chunk;
        }
      };
      const into = createWriteStream(file, { flags: have === 0 ? 'w' : 'r+', start: have, mode: 0o600 });
      await pipeline(Body as Readable, counted, into).catch((error) => {
        throw nameFailure(error);
      });
    }
  });
};

/**
 * Objects in a bucket. Each is put in one step, so a reader sees a whole object or none; files of any size pass through
 * little memory.
 *
 * @param scratch directory for what is fetched, on the disk where results are made
 * @throws ServerError where the bucket cannot be reached
 */
export const openS3 = async (settings: Settings, scratch: string): Promise<Storage> => {
  const bucket = await openBucket(settings);
  const { client, name, prefix } = bucket;
  const targetOf = (key: string): Target => ({ Bucket: name, Key: prefix + key });
  const cache: ObjectCache = objectCache(path.join(scratch, 'objects'));
  const head = (key: string) => find(() => client.send(new HeadObjectCommand(targetOf(key))));

  const adopt: Storage['adopt'] = async (file, key, signal) => {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const target = targetOf(key);
      const ContentType = contentTypeOf(key);
      await patiently(
        () =>
          size > PART_BYTES
            ? putInParts(bucket, target, ContentType, handle, size, signal)
            : putWhole(bucket, target, ContentType, handle, size, signal),
        signal,
      );
    } finally {
      await handle.close();
    }
  };

  return {
    adopt,
    head: async (key) => {
      const found = await head(key);
      return found && { size: found.ContentLength ?? 0, modified: found.LastModified ?? new Date(0) };
    },
    read: (key, range) => {
      const bytes = range ? { Range: `bytes=${range.start}-${range.end}` } : {};
      return Readable.from(
        (async function* () {
          const { Body } = await call(() =>
            client.send(new GetObjectCommand({ ...targetOf(key), ...bytes })),
          );
          yield* Body as Readable;
        })(),
        { objectMode: false },
      );
    },
    localFile: async (key, directory, signal) => {
      const found = await patiently(() => head(key), signal);
      const { ETag: tag, ContentLength: size } = found ?? {};
      if (tag === undefined || size === undefined) throw new Error(`${key} is not in the storage`);
      const fetch = (file: string): Promise<void> => download(bucket, targetOf(key), tag, size, file);
      return cache.link({ key, tag, size }, directory, fetch, signal);
    },
    delete: async (key) => {
      await call(() => client.send(new DeleteObjectCommand(targetOf(key))));
    },
    list: async function* (below) {
      const pages = paginateListObjectsV2({ client }, { Bucket: name, Prefix: prefix + below });
      try {
        for await (const { Contents = [] } of pages) {
          for (const { Key = '', Size: size = 0, LastModified: modified = new Date() } of Contents) {
            yield { key: Key.slice(prefix.length), size, modified };
          }
        }
      } catch (error) {
        throw nameFailure(error);
      }
    },
    freeBytes: async () => {
      const disk = await statfs(scratch);
      return disk.bavail * disk.bsize;
    },
    uploads: { direct: await openDirectAccess(bucket) },
  };
};
