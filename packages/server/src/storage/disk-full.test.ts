import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CODE } from '@chanjing-avatar/protocol';
import { expect, it } from 'vitest';
import { exampleRequest, makeMedia, startTestServer, until } from '../testing/test-server.js';

/** A small disk of its own needs the right to mount one. */
const mountDisk = (directory: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=360m', 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const fill = async (file: string): Promise<void> => {
  const zeros = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(1_000_000);
    })(),
  );
  await pipeline(zeros, createWriteStream(file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') throw error;
  });
};

it('refuses uploads while the disk is full, lets tasks wait, and goes on when there is room again', async ({
  skip,
}) => {
  const disk = await mkdtemp(path.join(os.tmpdir(), 'chanjing-disk-'));
  if (!mountDisk(disk)) return skip();
  const server = await startTestServer({ 'data-dir': path.join(disk, 'data') });
  try {
    const { app } = server;
    const movie = await makeMedia('a.mp4');
    const video = await app.upload('lip_sync_video', '1.mp4', movie);
    const announced = (await app.call('createUploadUrl', { service: 'lip_sync_video', name: '2.mp4' })).data;

    // Without a length beforehand it could eat up what the database needs.
    const file = (await app.call('createUploadUrl', { service: 'lip_sync_video', name: '4.mp4' })).data;
    const { bavail, bsize } = await statfs(disk);
    const large = Readable.from(
      (function* () {
        for (let sent = 0; sent < bavail * bsize - 100 * 1024 ** 2; sent += 1_000_000) {
          yield Buffer.alloc(1_000_000);
        }
      })(),
    );
    const chunked = await fetch(file.sign_url, {
      method: 'PUT',
      headers: { 'content-type': file.mime_type },
      body: large as never,
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(507);

    await fill(path.join(disk, 'ballast'));
    const refused = await app.call('createUploadUrl', { service: 'lip_sync_video', name: '3.mp4' });
    expect(refused).toMatchObject({ code: CODE.internal, msg: expect.stringContaining('disk is full') });
    const put = (): Promise<Response> =>
      fetch(announced.sign_url, {
        method: 'PUT',
        headers: { 'content-type': announced.mime_type },
        body: movie as never,
      });
    expect((await put()).status).toBe(507);
    const created = await app.call('createTask', exampleRequest(video));
    expect([0, CODE.internal]).toContain(created.code);

    await rm(path.join(disk, 'ballast'));
    const task = await until(async () => {
      const reply = created.code === 0 ? created : await app.call('createTask', exampleRequest(video));
      return reply.code === 0 && reply.data;
    });
    expect((await app.ended(task)).status).toBe(20);
    expect((await put()).status).toBe(200);
  } finally {
    await server.stop();
    execFileSync('umount', ['-l', disk]);
    await rm(disk, { recursive: true, force: true });
  }
});
