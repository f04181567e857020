import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CODE } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  exampleRequest,
  makeMedia,
  sqlIn,
  startTestServer,
  type TestServer,
  until,
} from '../testing/test-server.js';

let server: TestServer;
let movie: Buffer;

beforeAll(async () => {
  server = await startTestServer({ 'max-upload-bytes': '3000000', 'max-video-seconds': '5' });
  movie = await makeMedia('a.mp4');
});
afterAll(() => server?.stop());

type Announced = { sign_url: string; mime_type: string; file_id: string; full_path: string };

const announce = async (name = 'x.mp4'): Promise<Announced> => {
  const service = /mp3|m4a|wav/.test(name) ? 'lip_sync_audio' : 'lip_sync_video';
  return (await server.app.call('createUploadUrl', { service, name })).data;
};

const put = (url: string, type: string, body: Uint8Array): Promise<Response> =>
  fetch(url, { method: 'PUT', headers: { 'content-type': type }, body: body as Uint8Array<ArrayBuffer> });

const detail = async (id: string) => (await server.app.call('fileDetail', { id })).data;

const checked = (id: string) =>
  until(async () => {
    const data = await detail(id);
    return data.status !== 0 && data;
  });

const incoming = (): string[] => readdirSync(path.join(server.dataDir, 'incoming'));

describe('upload', () => {
  it('stores the bytes, checks them, and says that they are ready', async () => {
    const file = await announce('我的 video.mp4');
    expect(await detail(file.file_id)).toMatchObject({ status: 0, size: 0, msg: '', name: '我的 video.mp4' });
    const answer = await put(file.sign_url, file.mime_type, movie);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ code: 0, msg: 'success' });
    expect(Object.keys(await checked(file.file_id)).sort()).toEqual(
      [
        'create_time',
        'full_path',
        'id',
        'mime_type',
        'msg',
        'name',
        'picture',
        'service',
        'size',
        'status',
      ].sort(),
    );
    expect(await detail(file.file_id)).toMatchObject({
      status: 2,
      size: movie.length,
      mime_type: 'video/mp4',
    });
    const back = Buffer.from(await (await fetch(file.full_path)).arrayBuffer());
    expect(back.equals(movie)).toBe(true);
  });

  it.each(['a.mov', 'a.webm', 'a.mp3', 'a.m4a', 'a.wav'] as const)('takes %s', async (name) => {
    const file = await announce(name);
    await put(file.sign_url, file.mime_type, await makeMedia(name));
    expect((await checked(file.file_id)).status).toBe(2);
  });

  it('may be repeated; other bytes replace a refused file but never a ready one', async () => {
    const file = await announce();
    expect((await put(file.sign_url, file.mime_type, Buffer.from('no video'))).status).toBe(200);
    expect(await checked(file.file_id)).toMatchObject({
      status: 98,
      msg: expect.stringContaining('not media'),
    });
    for (let time = 0; time < 3; time += 1) {
      expect((await put(file.sign_url, file.mime_type, movie)).status).toBe(200);
    }
    expect((await checked(file.file_id)).status).toBe(2);
    expect((await put(file.sign_url, file.mime_type, movie)).status).toBe(200);
    expect((await put(file.sign_url, file.mime_type, Buffer.from('other'))).status).toBe(409);
    expect(await detail(file.file_id)).toMatchObject({ status: 2, size: movie.length });
  });

  it('looks again at the same bytes when they were refused', async () => {
    const file = await announce();
    expect((await put(file.sign_url, file.mime_type, movie)).status).toBe(200);
    await checked(file.file_id);
    await sqlIn(server.dataDir, "update file set status = 98, msg = 'a mistake' where id = $1", [
      file.file_id,
    ]);
    expect((await put(file.sign_url, file.mime_type, movie)).status).toBe(200);
    expect(await checked(file.file_id)).toMatchObject({ status: 2, msg: '' });
  });

  it('refuses a file whose check breaks eight times, however often the check was interrupted before', async () => {
    const file = await announce();
    expect((await put(file.sign_url, file.mime_type, Buffer.from('crash'))).status).toBe(200);
    const failures = async (): Promise<number> => {
      const hurry =
        "update pgboss.job set start_after = now(), retry_count = retry_count + 5 where name = 'check' and state = 'retry'";
      await sqlIn(server.dataDir, hurry);
      const { rows } = await sqlIn(server.dataDir, 'select failures from file where id = $1', [file.file_id]);
      return rows[0].failures;
    };
    await until(async () => (await failures()) >= 4);
    expect((await detail(file.file_id)).status).toBe(0);
    await until(async () => (await failures()) === 8 && (await detail(file.file_id)).status !== 0);
    expect(await detail(file.file_id)).toMatchObject({
      status: 98,
      msg: expect.stringContaining('failed 8 times: the render process died'),
    });
  });

  it('keeps one whole file when two different ones come at once', async () => {
    const file = await announce();
    const bodies = [randomBytes(2_000_000), randomBytes(1_500_000)];
    await Promise.all(bodies.map((body) => put(file.sign_url, file.mime_type, body)));
    await checked(file.file_id);
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    const back = hash(new Uint8Array(await (await fetch(file.full_path)).arrayBuffer()));
    expect(bodies.map(hash)).toContain(back);
    expect((await detail(file.file_id)).size).toBe(bodies.find((body) => hash(body) === back)!.length);
  });

  it.each<[string, (file: Announced) => Promise<Response>, number]>([
    ['a wrong type', (file) => put(file.sign_url, 'video/webm', movie), 403],
    ['no type', (file) => put(file.sign_url, '', movie), 415],
    [
      'a wrong signature',
      (file) =>
        put(
          file.sign_url.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
          'video/mp4',
          movie,
        ),
      403,
    ],
    ['a longer life', (file) => put(file.sign_url.replace('expires=', 'expires=9'), 'video/mp4', movie), 403],
    ['no signature', (file) => put(file.sign_url.split('?')[0]!, 'video/mp4', movie), 403],
    [
      'another file',
      async (file) =>
        put(file.sign_url.replace(file.file_id, (await announce()).file_id), 'video/mp4', movie),
      403,
    ],
    ['a path', (file) => put(file.sign_url.replace(file.file_id, '..%2f..%2fx'), 'video/mp4', movie), 403],
    ['too many bytes', (file) => put(file.sign_url, 'video/mp4', Buffer.alloc(3_000_001)), 413],
  ])('refuses %s and stores nothing', async (_what, send, status) => {
    const file = await announce();
    // A server that refuses early may close while the client still sends.
    const answer = await send(file).catch(() => undefined);
    if (answer) {
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ trace_id: expect.any(String), data: null });
    }
    expect((await detail(file.file_id)).size).toBe(0);
    expect((await fetch(file.full_path)).status).toBe(404);
    await until(async () => incoming().length === 0);
  });

  it('refuses a sign_url after 15 minutes', async () => {
    const file = await announce();
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 901_000);
    const late = await put(file.sign_url, file.mime_type, movie).finally(() => vi.restoreAllMocks());
    expect(late.status).toBe(403);
    expect(((await late.json()) as { msg: string }).msg).toContain('expired');
  });

  it('stops a chunked body at the limit, and leaves no part file when the client goes away', async () => {
    const file = await announce();
    const url = new URL(file.sign_url);
    const send = async (chunks: number): Promise<string> => {
      const socket = net.connect(Number(url.port), url.hostname);
      let answer = '';
      socket.on('data', (data) => {
        answer += data;
      });
      socket.on('error', () => {});
      socket.write(
        `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: x\r\ncontent-type: video/mp4\r\ntransfer-encoding: chunked\r\n\r\n`,
      );
      for (let n = 0; n < chunks; n += 1) {
        socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`);
        await sleep(2);
      }
      await sleep(300);
      socket.destroy();
      return answer;
    };
    expect(await send(60)).toContain('413');
    expect(await send(3)).toBe('');
    await until(async () => incoming().length === 0);
    expect((await detail(file.file_id)).size).toBe(0);
  });

  it('goes on where an upload was cut off, and takes nothing but the rest', async () => {
    const file = await announce();
    const url = new URL(file.sign_url);
    const free = Buffer.alloc(2_000_000);
    free.writeUInt32BE(free.length);
    free.write('free', 4);
    const whole = Buffer.concat([movie, free]);
    const head = async (): Promise<number> =>
      Number((await fetch(file.sign_url, { method: 'HEAD' })).headers.get('upload-offset'));
    expect(await head()).toBe(0);
    const socket = net.connect(Number(url.port), url.hostname);
    socket.on('error', () => {});
    socket.write(
      `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: x\r\ncontent-type: video/mp4\r\ncontent-length: ${whole.length}\r\n\r\n`,
    );
    socket.write(whole.subarray(0, 1_200_000));
    await until(async () => (await head()) >= 1_000_000);
    socket.destroy();

    const rest = (from: number, last = whole.length - 1): Promise<Response> =>
      fetch(file.sign_url, {
        method: 'PUT',
        headers: { 'content-type': file.mime_type, 'content-range': `bytes ${from}-${last}/${whole.length}` },
        body: whole.subarray(from, last + 1),
      });
    const offset = await head();
    const wrong = await rest(offset - 1);
    expect(wrong.status).toBe(416);
    expect(wrong.headers.get('upload-offset')).toBe(String(offset));
    expect((await rest(offset, whole.length - 2)).status).toBe(416);
    // Until the server has noticed the cut, another upload is under way.
    await until(async () => (await rest(await head())).status === 200);
    expect(await checked(file.file_id)).toMatchObject({ status: 2, size: whole.length });
    const stored = Buffer.from(await (await fetch(file.full_path)).arrayBuffer());
    expect(createHash('sha256').update(stored).digest('hex')).toBe(
      createHash('sha256').update(whole).digest('hex'),
    );
    expect(incoming()).toEqual([]);
  });

  it('refuses what is not media, too long, or audio in place of video', async () => {
    const cases = [
      [Buffer.alloc(0), 'not media'],
      [randomBytes(5000), 'not media'],
      [movie.subarray(0, movie.length / 2), ''],
      [await makeMedia('a.m4a'), 'not media'],
    ] as const;
    for (const [bytes, msg] of cases) {
      const file = await announce();
      expect((await put(file.sign_url, file.mime_type, bytes)).status).toBe(200);
      const data = await checked(file.file_id);
      expect(data.msg).toContain(msg);
      if (msg) expect(data.status).toBe(98);
    }
  });

  it('says which type is missing when none is told', async () => {
    const file = await announce();
    const answer = await put(file.sign_url, '', movie);
    expect([answer.status, await answer.json()]).toEqual([
      415,
      expect.objectContaining({ msg: expect.stringContaining('expected the mime_type') }),
    ]);
  });

  it('deletes a file with everything derived from it', async () => {
    const id = await server.app.upload('lip_sync_video', 'x.mp4', movie);
    const tracks = (): string[] => readdirSync(path.join(server.dataDir, 'face-tracks'));
    expect(tracks().some((name) => name.startsWith(id))).toBe(true);
    expect(await server.app.call('deleteFile', { id })).toMatchObject({ code: 0, data: null });
    expect(await detail(id)).toMatchObject({ status: 99 });
    expect((await fetch((await detail(id)).full_path)).status).toBe(404);
    expect(tracks().some((name) => name.startsWith(id))).toBe(false);
    expect((await server.app.call('createTask', exampleRequest(id))).msg).toContain('deleted');
  });
});

it('never replaces bytes that were accepted and not looked at yet', async () => {
  const waiting = await startTestServer({ renders: '0' });
  try {
    const { app } = waiting;
    const { data } = await app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
    const send = (bytes: Uint8Array) => put(data.sign_url, data.mime_type, bytes);
    expect((await send(movie)).status).toBe(200);
    expect((await app.call('createTask', exampleRequest(data.file_id))).msg).toContain('still being checked');
    expect((await send(randomBytes(1000))).status).toBe(409);
    expect((await send(movie)).status).toBe(200);
    expect((await app.call('fileDetail', { id: data.file_id })).data.size).toBe(movie.length);
    expect(Buffer.from(await (await fetch(data.full_path)).arrayBuffer()).equals(movie)).toBe(true);
  } finally {
    await waiting.stop();
  }
});

describe('reading files', () => {
  it('answers ranges, conditions and HEAD', async () => {
    const file = await announce();
    await put(file.sign_url, file.mime_type, movie);
    const get = (headers: Record<string, string>, method = 'GET') =>
      fetch(file.full_path, { method, headers });
    const part = await get({ range: 'bytes=10-19' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${movie.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(movie.subarray(10, 20))).toBe(true);
    const tail = await get({ range: 'bytes=-5' });
    expect(Buffer.from(await tail.arrayBuffer()).equals(movie.subarray(-5))).toBe(true);
    const rest = await get({ range: `bytes=${movie.length - 3}-` });
    expect((await rest.arrayBuffer()).byteLength).toBe(3);
    expect((await get({ range: `bytes=${movie.length}-` })).status).toBe(416);
    expect((await get({ range: 'bytes=5-1' })).status).toBe(200);
    expect((await get({ range: 'lines=1-2' })).status).toBe(200);
    const head = await get({}, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(movie.length)]);
    const etag = head.headers.get('etag')!;
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    expect((await get({ range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await get({ range: 'bytes=0-1', 'if-range': '"old"' })).status).toBe(200);
  });

  it('answers a failure of the storage with a failure that a player or browser sees', async () => {
    const file = await announce();
    await put(file.sign_url, file.mime_type, movie);
    const uploads = path.join(server.dataDir, 'objects', 'uploads');
    await rename(uploads, `${uploads}-away`);
    await writeFile(uploads, 'a file in place of the directory');
    const answer = await fetch(file.full_path);
    await rm(uploads);
    await rename(`${uploads}-away`, uploads);
    expect([answer.status, ((await answer.json()) as { code: number }).code]).toEqual([503, CODE.internal]);
    expect((await fetch(file.full_path)).status).toBe(200);
  });

  it('finds nothing without the right signature', async () => {
    const file = await announce();
    await put(file.sign_url, file.mime_type, movie);
    const { pathname } = new URL(file.full_path);
    const [, , signature, ...key] = pathname.split('/');
    for (const wrong of [
      `/files/${'0'.repeat(32)}/${key.join('/')}`,
      `/files/${signature}/uploads/${'0'.repeat(32)}.mp4`,
      `/files/${signature}/../../server.pid`,
      `/files/${signature}/uploads/..%2f..%2fpostgres%2fpostgres.log`,
      `/files/${signature}/`,
      '/files/',
    ]) {
      expect((await fetch(server.url + wrong)).status).toBe(404);
    }
  });
});
