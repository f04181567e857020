import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerError } from '../errors/server-error.js';
import { readSettings } from '../read-settings.js';
import type { Settings } from '../settings.js';
import { type S3, startS3 } from '../testing/shared-parts.js';
import { openS3 } from './s3.js';
import { type DirectAccess, type Storage, StorageAwayError } from './storage.js';

/** The one from npm checks no signatures and no conditions. */
const isStrict = process.env.S3_TEST_ENDPOINT !== undefined;

let directory: string;
let s3: S3;
let storage: Storage;
let direct: DirectAccess;

const settingsOf = (flags: Record<string, string>): Settings => readSettings(flags, {}).settings;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-s3-'));
  s3 = await startS3(directory);
  storage = await openS3(settingsOf({ ...s3.flags, 's3-prefix': 'a/b' }), path.join(directory, 'scratch'));
  direct = (storage.uploads as { direct: DirectAccess }).direct;
});
afterAll(async () => {
  await s3?.stop();
  await rm(directory, { recursive: true, force: true });
});

let files = 0;
const newFile = async (bytes: Uint8Array): Promise<string> => {
  files += 1;
  const file = path.join(directory, `file-${files}`);
  await writeFile(file, bytes);
  return file;
};

const newScratch = async (): Promise<string> => mkdtemp(path.join(directory, 'job-'));

const put = (url: string, bytes: Uint8Array, type: string): Promise<Response> =>
  fetch(url, { method: 'PUT', headers: { 'content-type': type }, body: bytes as Uint8Array<ArrayBuffer> });

it.each([
  ['small', 1000],
  ['as large as three parts', 40_000_000],
  ['empty', 0],
])('stores a file that is %s, and reads it whole and in part', async (_what, size) => {
  const bytes = randomBytes(size);
  const key = `lip-sync/1/${size}.mp4`;
  expect(await storage.head(key)).toBeUndefined();
  await storage.adopt(await newFile(bytes), key);
  expect(await storage.head(key)).toMatchObject({ size });
  if (size === 0) return;
  expect((await buffer(storage.read(key))).equals(bytes)).toBe(true);
  const part = await buffer(storage.read(key, { start: 100, end: 199 }));
  expect(part.equals(bytes.subarray(100, 200))).toBe(true);
  const file = await storage.localFile(key, await newScratch());
  expect((await readFile(file)).equals(bytes)).toBe(true);

  const url = await direct.readUrl(key, 'GET', 60);
  const answer = await fetch(url, { headers: { range: 'bytes=10-19' } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([206, 'video/mp4']);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
  expect((await fetch(await direct.readUrl(key, 'HEAD', 60), { method: 'HEAD' })).status).toBe(200);

  await storage.delete(key);
  await storage.delete(key);
  expect(await storage.head(key)).toBeUndefined();
  await expect(buffer(storage.read(key))).rejects.toThrow();
});

it('shows nothing of a file that was not stored whole', async () => {
  const file = await newFile(randomBytes(40_000_000));
  const abort = new AbortController();
  const storing = storage.adopt(file, 'lip-sync/1/cut.mp4', abort.signal);
  setTimeout(() => abort.abort(new Error('the claim was lost')), 20);
  await expect(storing).rejects.toThrow();
  expect(await storage.head('lip-sync/1/cut.mp4')).toBeUndefined();
});

it('fetches an object once for several jobs, and leaves each its file', async () => {
  const bytes = randomBytes(2_000_000);
  await storage.adopt(await newFile(bytes), 'uploads/once.mp4');
  const [one, two] = [await newScratch(), await newScratch()];
  const links = await Promise.all([
    storage.localFile('uploads/once.mp4', one),
    storage.localFile('uploads/once.mp4', two),
  ]);
  const cached = path.join(directory, 'scratch', 'objects');
  expect((await readdir(cached)).filter((name) => name.endsWith('.part'))).toEqual([]);
  await rm(cached, { recursive: true });
  await mkdir(cached);
  await rm(one, { recursive: true });
  expect((await readFile(links[1]!)).equals(bytes)).toBe(true);
  // Other bytes under the same key are another object.
  await storage.adopt(await newFile(randomBytes(100)), 'uploads/once.mp4');
  expect(await readFile(await storage.localFile('uploads/once.mp4', two))).toHaveLength(100);
});

it('takes what is put to a signed URL, and keeps what was secured', async () => {
  const url = await direct.uploadUrl('incoming/x.mp4', 'video/mp4', 60);
  expect(await direct.arrived('incoming/x.mp4')).toBeUndefined();
  expect((await put(url, Buffer.from('first'), 'video/mp4')).status).toBe(200);
  const first = (await direct.arrived('incoming/x.mp4'))!;
  expect(first).toMatchObject({ size: 5, mimeType: 'video/mp4' });
  const found = [];
  for await (const { key, size } of storage.list('incoming/')) found.push([key, size]);
  expect(found).toEqual([['incoming/x.mp4', 5]]);

  expect(await direct.secure(first, 'uploads/x.mp4', 'video/mp4')).toBe(true);
  expect((await put(url, Buffer.from('second'), 'video/mp4')).status).toBe(200);
  // It was done already.
  expect(await direct.secure(first, 'uploads/x.mp4', 'video/mp4')).toBe(true);
  expect((await buffer(storage.read('uploads/x.mp4'))).toString()).toBe('first');
  await storage.delete('incoming/x.mp4');
  expect(await direct.secure(first, 'uploads/y.mp4', 'video/mp4')).toBe(false);
});

it.runIf(isStrict)(
  'refuses another type, a changed signature and an URL that has ended, and other bytes',
  async () => {
    const url = await direct.uploadUrl('incoming/z.mp4', 'video/mp4', 60);
    const bytes = Buffer.from('bytes');
    expect((await put(url, bytes, 'video/webm')).status).toBe(403);
    expect(
      (
        await put(
          url.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
          bytes,
          'video/mp4',
        )
      ).status,
    ).toBe(403);
    expect((await put(url.replace('z.mp4', 'zz.mp4'), bytes, 'video/mp4')).status).toBe(403);
    const short = await direct.uploadUrl('incoming/z.mp4', 'video/mp4', 1);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await put(short, bytes, 'video/mp4')).status).toBe(403);
    expect(await direct.arrived('incoming/z.mp4')).toBeUndefined();

    await put(url, bytes, 'video/mp4');
    const first = (await direct.arrived('incoming/z.mp4'))!;
    await put(url, Buffer.from('other'), 'video/mp4');
    expect(await direct.secure(first, 'uploads/z.mp4', 'video/mp4')).toBe(false);
    expect(await storage.head('uploads/z.mp4')).toBeUndefined();
  },
);

it('says what is wrong when the bucket cannot be reached, and that a storage is away', async () => {
  const open = (flags: Record<string, string>): Promise<Storage> =>
    openS3(settingsOf({ ...s3.flags, ...flags }), path.join(directory, 'other'));
  await expect(open({ 's3-bucket': 'nobodys' })).rejects.toThrow(/There is no bucket nobodys for this key/);
  await expect(open({ 's3-access-key-id': 'nobody' })).rejects.toThrow(/(for|not let) this key/);
  await expect(open({ 's3-endpoint': 'http://127.0.0.1:1' })).rejects.toThrow(
    /http:\/\/127.0.0.1:1 does not answer/,
  );
  await expect(open({ 's3-endpoint': 'http://127.0.0.1:1' })).rejects.toBeInstanceOf(ServerError);
  if (isStrict) return;
  const own = await startS3(await newScratch());
  const leaving = await openS3(settingsOf(own.flags), path.join(directory, 'leaving'));
  await own.stop();
  await expect(leaving.head('uploads/x.mp4')).rejects.toBeInstanceOf(StorageAwayError);
});
