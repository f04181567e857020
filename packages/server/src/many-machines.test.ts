// Several API processes and workers beside one database and one S3, as on machines of their own.
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { CODE, type Task } from '@chanjing-avatar/protocol';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ServerProcess,
  type SharedParts,
  startServerProcess,
  startSharedParts,
} from './testing/shared-parts.js';
import {
  exampleRequest,
  makeMedia,
  type Reply,
  STAND_IN_PROGRAM,
  type TestApp,
  testApp,
  until,
} from './testing/test-server.js';

let directory: string;
let parts: SharedParts;
let apis: ServerProcess[];
let workers: ServerProcess[];
let keys: { app_id: string; secret_key: string };
/** The same app, at each API process. */
let apps: [TestApp, TestApp];
let video: string;

const start = (name: string, role: string, flags: Record<string, string> = {}): Promise<ServerProcess> =>
  startServerProcess(
    {
      ...parts.flags,
      ...{ role, 'data-dir': path.join(directory, name), port: '0', 'log-level': 'silent', renders: '2' },
      ...{ 'creates-per-minute': '60', 'file-calls-per-minute': '1000', 'callback-allow': '127.0.0.0/8' },
      ...{ 'renders-per-app': '8', 'stop-seconds': '100' },
      ...flags,
    },
    STAND_IN_PROGRAM,
  );

const login = async (): Promise<[TestApp, TestApp]> => {
  const { data } = await testApp(() => apis[0]!.url, '').call('createToken', keys);
  return [testApp(() => apis[0]!.url, data.access_token), testApp(() => apis[1]!.url, data.access_token)];
};

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-many-'));
  parts = await startSharedParts();
  // All at once on an empty database.
  const [one, two, first] = await Promise.all([
    start('api-1', 'api'),
    start('api-2', 'api'),
    start('worker-1', 'worker'),
  ]);
  apis = [one, two];
  workers = [first];
  const made = apis.flatMap(({ firstApp }) => firstApp ?? []);
  expect(made).toHaveLength(1);
  keys = { app_id: made[0]!.id, secret_key: made[0]!.secretKey };
  apps = await login();
  video = await apps[0].upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
});
afterAll(async () => {
  for (const { child } of [...(apis ?? []), ...(workers ?? [])]) child.kill('SIGKILL');
  await parts?.stop();
  await rm(directory, { recursive: true, force: true });
});

const saying = (words: string): object => ({
  ...exampleRequest(video),
  ...{ screen_width: 64, screen_height: 64 },
  tts_config: { text: words, audio_man_id: 'en-1' },
});

const create = async (app: TestApp, words: string, more: object = {}): Promise<string> => {
  const reply = await app.call('createTask', { ...saying(words), ...more });
  expect(reply).toMatchObject({ code: 0 });
  return reply.data;
};

const statusOf = async (id: string): Promise<number> =>
  (await apps[1].call('taskDetail', { id })).data.status;
const generating = (id: string): Promise<true> => until(async () => (await statusOf(id)) === 10);

const query = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: parts.flags['database-url'] });
  await client.connect();
  const { rows } = await client.query(sql, values);
  await client.end();
  return rows;
};
const startsOf = async (id: string): Promise<unknown> =>
  (await query('select starts from task where id = $1', id))[0]?.starts;

const metric = async ({ url }: ServerProcess, name: string): Promise<number> => {
  const lines = await (await fetch(`${url}/metrics`)).text();
  return Number(
    lines
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  );
};

it('knows tokens, idempotency keys and limits whichever process answers', async () => {
  expect((await apps[1].call('taskDetail', { id: 'x' })).code).toBe(CODE.parameter);
  const fresh = await login();
  expect((await apps[1].call('listTasks')).code).toBe(CODE.unauthorized);
  apps = fresh;

  const key = { 'idempotency-key': 'the-same' };
  const replies = await Promise.all(
    [...Array(6).keys()].map((n) => apps[n % 2]!.call('createTask', saying('hello'), key)),
  );
  expect(new Set(replies.map(({ code, data }) => `${code} ${data}`)).size).toBe(1);
  expect((await apps[1].ended(replies[0]!.data)).status).toBe(20);

  const many = await Promise.all(
    [...Array(70).keys()].map((n) => apps[n % 2]!.call('createTask', saying('hang'))),
  );
  const made = many.filter(({ code }) => code === 0);
  expect(made).toHaveLength(59);
  expect(many.filter(({ code }) => code === CODE.rateLimited)).toHaveLength(11);
  for (const { data } of made) await apps[1].call('cancelTask', { id: data });
  await query('delete from recent_call');
});

it('tells followers at one process of a task that another one made, and cancels it', async () => {
  const id = await create(apps[1], 'hang');
  const answer = await fetch(`${apis[0]!.url}/open/v1/video_lip_sync/events?id=${id}`, {
    headers: { access_token: apps[0].token },
  });
  let events = '';
  const read = async (): Promise<void> => {
    for await (const chunk of Readable.fromWeb(answer.body as never)) events += chunk;
  };
  const ended = read();
  await until(async () => events.includes('"status":10'));
  await until(async () => (await metric(workers[0]!, 'chanjing_running_jobs{queue="render"}')) === 1);
  expect((await apps[1].call('cancelTask', { id })).data.status).toBe(30);
  await ended;
  expect(events).toContain('"status":30');
  // The worker hears of it with its next sign of life.
  await until(async () => (await metric(workers[0]!, 'chanjing_running_jobs{queue="render"}')) === 0, 10);
});

it('calls back once, with one id', async () => {
  const received: string[] = [];
  const receiver = http
    .createServer((request, reply) => {
      received.push(String(request.headers['webhook-id']));
      request.resume();
      reply.writeHead(204).end();
    })
    .listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const callback = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const ids = await Promise.all([0, 1, 0, 1].map((n) => create(apps[n]!, 'hello', { callback })));
  for (const id of ids) await apps[0].ended(id);
  await until(async () => received.length >= 4);
  receiver.close();
  expect(new Set(received).size).toBe(4);
  expect(received).toHaveLength(4);
});

it('shows depth and age of each queue', async () => {
  const ids = await Promise.all([...Array(4).keys()].map(() => create(apps[0], 'hang')));
  for (const { url } of [...apis, ...workers]) expect((await fetch(`${url}/ready`)).status).toBe(200);
  for (const process of [apis[0]!, workers[0]!]) {
    await until(
      async () => (await metric(process, 'chanjing_queue_jobs{queue="render",state="running"}')) === 2,
    );
    expect(await metric(process, 'chanjing_queue_jobs{queue="render",state="waiting"}')).toBe(2);
    await until(async () => (await metric(process, 'chanjing_queue_oldest_seconds{queue="render"}')) > 1);
    expect(await metric(process, 'chanjing_queue_jobs{queue="check",state="waiting"}')).toBe(0);
  }
  expect((await fetch(`${workers[0]!.url}/open/v1/list_common_audio`)).status).toBe(404);
  for (const id of ids) await apps[0].call('deleteTask', { id });
});

it('gives the work of a worker that is silent to another, and shows only what that one made', async () => {
  const id = await create(apps[0], 'slow');
  await generating(id);
  const [first] = workers as [ServerProcess];
  first.child.kill('SIGSTOP');
  const second = await start('worker-2', 'worker');
  workers.push(second);
  const begin = Date.now();
  await until(async () => Number(await startsOf(id)) === 2);
  expect(Date.now() - begin).toBeLessThan(30_000);
  const task: Task = await apps[1].ended(id);
  expect(task).toMatchObject({ status: 20 });
  expect(task.video_url).toContain(`/lip-sync/2/${id}.mp4`);
  // It was still at work, comes to the end of it, and may not say so.
  first.child.kill('SIGCONT');
  await until(async () => (await metric(first, 'chanjing_running_jobs{queue="render"}')) === 0);
  expect((await apps[1].call('taskDetail', { id })).data).toEqual(task);
  expect((await fetch(task.video_url)).status).toBe(200);
  expect((await fetch(task.video_url.replace('/lip-sync/2/', '/lip-sync/1/'))).status).toBe(404);
  // It had the face of this video from the storage.
  const [folder] = await readdir(path.join(directory, 'worker-2', 'face-tracks'));
  expect(folder).toMatch(new RegExp(`^${video}-`));
  expect(await readdir(path.join(directory, 'worker-2', 'face-tracks', folder!))).toHaveLength(1);
});

it('gives the work of a worker that was killed to another', async () => {
  await workers.shift()!.stop();
  const ids = await Promise.all([0, 1].map((n) => create(apps[n]!, 'slow')));
  for (const id of ids) await generating(id);
  const [killed] = workers;
  workers = [await start('worker-3', 'worker')];
  killed!.child.kill('SIGKILL');
  const begin = Date.now();
  for (const id of ids) await until(async () => Number(await startsOf(id)) === 2);
  expect(Date.now() - begin).toBeLessThan(30_000);
  for (const id of ids) expect((await apps[1].ended(id)).status).toBe(20);
});

it('lets a worker that is told to stop finish what it does, and take nothing more', async () => {
  const ids = await Promise.all([...Array(4).keys()].map(() => create(apps[0], 'slow')));
  await until(
    async () => (await Promise.all(ids.map(statusOf))).filter((status) => status === 10).length === 2,
  );
  const begun = await Promise.all(ids.map(statusOf));
  await workers.shift()!.stop();
  for (const [index, id] of ids.entries()) {
    expect([await statusOf(id), await startsOf(id)]).toEqual(begun[index] === 10 ? [20, 1] : [0, 0]);
  }
  workers.push(await start('worker-4', 'worker'));
  for (const id of ids) expect((await apps[0].ended(id)).status).toBe(20);
});

it('answers at the others when one process is killed', async () => {
  apis[0]!.child.kill('SIGKILL');
  const id = await create(apps[1], 'hello');
  expect((await apps[1].ended(id)).status).toBe(20);
  const reply: Reply = await apps[1].call('deleteFile', { id: video });
  expect(reply.code).toBe(0);
});
