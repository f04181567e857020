// Bodies that come slowly, or many at once, and what they may take of the disk.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CODE } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import { makeMedia, sqlIn, startTestServer, type TestServer, until } from '../testing/test-server.js';

let server: TestServer;
let movie: Buffer;

beforeAll(async () => {
  server = await startTestServer({ 'max-upload-bytes': '3000000' });
  movie = await makeMedia('a.mp4');
});
afterAll(() => server?.stop());

type Announced = { sign_url: string; mime_type: string; file_id: string };

const announce = async (at: TestServer = server): Promise<Announced> =>
  (await at.app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' })).data;

const put = (file: Announced, body: Uint8Array): Promise<Response> =>
  fetch(file.sign_url, {
    method: 'PUT',
    headers: { 'content-type': file.mime_type },
    body: body as Uint8Array<ArrayBuffer>,
  });

type Opened = { socket: net.Socket; answer(): string; closed: Promise<void> };

/** Begins an upload that goes on only when told to. */
const begin = (file: Announced, length: number | 'chunked'): Opened => {
  const url = new URL(file.sign_url);
  const socket = net.connect(Number(url.port), url.hostname);
  const size = length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`;
  socket.on('error', () => {});
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(
    `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: x\r\ncontent-type: ${file.mime_type}\r\n${size}\r\n\r\n`,
  );
  return { socket, answer: () => answer, closed };
};

const running = async (at: TestServer, id: string) =>
  (await sqlIn(at.settings.dataDir, 'select bytes, received from upload where file_id = $1', [id])).rows[0];

it('takes one body at a time for a sign_url', async () => {
  const file = await announce();
  const slow = begin(file, movie.length);
  await until(() => running(server, file.file_id));
  const others = await Promise.all(Array.from({ length: 20 }, () => put(file, movie)));
  expect(new Set(others.map((answer) => answer.status))).toEqual(new Set([409]));
  expect(await others[0]!.json()).toMatchObject({ msg: expect.stringContaining('under way') });
  slow.socket.write(movie);
  await until(async () => slow.answer().startsWith('HTTP/1.1 200'));
  slow.socket.destroy();
  expect((await put(file, movie)).status).toBe(200);
});

it('gives the place of a sender that hung up, and of a server that was killed, to the next', async () => {
  const file = await announce();
  const gone = begin(file, movie.length);
  await until(() => running(server, file.file_id));
  gone.socket.destroy();
  await until(async () => (await put(file, movie)).status === 200);

  const other = await announce();
  const values = [other.file_id, server.credentials.app_id];
  const insert = `insert into upload (file_id, app_id, claim, bytes, renewed_at) values ($1, $2, 'x', 9`;
  await sqlIn(server.dataDir, `${insert}, now())`, values);
  expect((await put(other, movie)).status).toBe(409);
  // As it is after half a minute, and after the clock was set back by an hour.
  for (const at of ["now() - interval '31 seconds'", "now() + interval '1 hour'"]) {
    await sqlIn(server.dataDir, `update upload set renewed_at = ${at}`);
    expect((await put(other, movie)).status).toBe(200);
    await sqlIn(server.dataDir, `${insert}, now())`, values);
  }
  await sqlIn(server.dataDir, 'delete from upload');
});

it('closes the connection after a refusal in the middle of a body, once the sender could read it', async () => {
  const file = await announce();
  const large = begin(file, 'chunked');
  const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
  for (let n = 0; n < 4; n += 1) large.socket.write(chunk);
  await until(async () => large.answer().includes('\r\n\r\n{'));
  expect(large.answer()).toMatch(/^HTTP\/1\.1 413 /);
  expect(large.answer().toLowerCase()).toContain('connection: close');
  expect(JSON.parse(large.answer().split('\r\n\r\n')[1]!)).toMatchObject({ code: CODE.parameter });
  large.socket.write(chunk);
  await large.closed;
  const late = begin(file, 4_000_000);
  await late.closed;
  expect(late.answer()).toMatch(/^HTTP\/1\.1 413 /);
  expect(late.answer().toLowerCase()).toContain('connection: close');
});

it('cuts off a body that only ever drips, and says why', async () => {
  const slow = await startTestServer({ 'min-upload-rate': '1000' });
  try {
    const file = await announce(slow);
    const drip = begin(file, movie.length);
    const drops = setInterval(() => drip.socket.write('x'), 500);
    await until(async () => drip.answer() !== '', 60);
    clearInterval(drops);
    expect(drip.answer()).toMatch(/^HTTP\/1\.1 408 /);
    expect(drip.answer()).toContain('at least 1000 bytes a second');
    await drip.closed;
    expect(await running(slow, file.file_id)).toBeUndefined();
    expect((await put(file, movie)).status).toBe(200);
  } finally {
    await slow.stop();
  }
}, 120_000);

/** A small disk of its own needs the right to mount one. */
const mountDisk = (directory: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

it('keeps the room of running uploads free, and /ready knows of the disk', async ({ skip }) => {
  const disk = await mkdtemp(path.join(os.tmpdir(), 'chanjing-room-'));
  if (!mountDisk(disk)) return skip('a disk can only be mounted by root');
  const small = await startTestServer({ 'data-dir': path.join(disk, 'data') });
  try {
    const { bavail, bsize } = await statfs(disk);
    const room = bavail * bsize - 256 * 1024 ** 2;
    const half = Math.round(room * 0.6);
    const [first, second] = [await announce(small), await announce(small)];
    expect((await fetch(`${small.url}/ready`)).status).toBe(200);
    const one = begin(first, half);
    await until(() => running(small, first.file_id));
    // Not a byte has come, but the room is taken.
    const other = begin(second, half);
    await until(async () => other.answer() !== '');
    expect(other.answer()).toMatch(/^HTTP\/1\.1 507 /);
    // Without a length, the largest that is allowed is kept free: 2 GiB are not there.
    const unknown = begin(await announce(small), 'chunked');
    await until(async () => unknown.answer() !== '');
    expect(unknown.answer()).toMatch(/^HTTP\/1\.1 507 /);
    one.socket.destroy();
    await until(async () => !(await running(small, first.file_id)));
    expect((await put(second, movie)).status).toBe(200);

    execFileSync('fallocate', ['-l', String(room + 1024 ** 2), path.join(disk, 'ballast')]);
    const ready = await fetch(`${small.url}/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { reason: 'the disk is full' }]);
    await rm(path.join(disk, 'ballast'));
    expect((await fetch(`${small.url}/ready`)).status).toBe(200);
  } finally {
    await small.stop();
    execFileSync('umount', ['-l', disk]);
    await rm(disk, { recursive: true, force: true });
  }
}, 120_000);

it('holds uploads to the storage quota of their app, running ones too', async () => {
  const app = server.credentials.app_id;
  await withApps(server.settings, (apps) => apps.setQuotas(app, { storageBytes: 1 }));
  const reply = await server.app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
  expect(reply).toMatchObject({ code: CODE.quotaReached, msg: expect.stringContaining('delete some') });
  await withApps(server.settings, (apps) => apps.setQuotas(app, { storageBytes: 20_000_000 }));
  const files = await Promise.all(Array.from({ length: 8 }, () => announce()));
  const opened = files.map((file) => begin(file, 2_900_000));
  const answers = await until(async () => {
    const refused = opened.filter(({ answer }) => answer() !== '');
    return refused.length >= 2 && refused;
  });
  for (const { answer } of answers) {
    expect(answer()).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer()).toContain(`"code":${CODE.quotaReached}`);
  }
  for (const { socket } of opened) socket.destroy();
  await withApps(server.settings, (apps) => apps.setQuotas(app, { storageBytes: null }));
  await until(async () => (await put(await announce(), movie)).status === 200);
});
