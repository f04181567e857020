import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Envelope, EXAMPLE_VOICE_ID, type Task } from '@chanjing-avatar/protocol';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { runningConnection } from '../database/embedded-postgres.js';
import { withApps } from '../manage-apps.js';
import { makeMedia, startTestServer, type TestServer, until } from '../testing/test-server.js';
import { RETRY_SECONDS } from './deliver.js';

type Received = { headers: Record<string, string>; body: string };

let server: TestServer;
let video: string;
let receiver: http.Server;
let url: string;
let secret: string;
let received: Received[] = [];
let answers: number[] = [];

beforeAll(async () => {
  receiver = http.createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body });
      reply.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  server = await startTestServer({ 'callback-allow': '127.0.0.0/8' });
  const made = await withApps(server.settings, (apps) => apps.create('hooks'));
  secret = made.callbackSecret;
  const app = await server.login({ app_id: made.id, secret_key: made.secretKey });
  Object.assign(server.app, app);
  video = await app.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
});
afterAll(async () => {
  await server?.stop();
  receiver.close();
});
beforeEach(() => {
  received = [];
  answers = [];
});

const create = async (text: string): Promise<string> => {
  const request = {
    video_file_id: video,
    screen_width: 64,
    screen_height: 64,
    callback: url,
    tts_config: { text, audio_man_id: EXAMPLE_VOICE_ID },
  };
  return (await server.app.call('createTask', request)).data;
};

const delivery = async (taskId: string) =>
  (await withApps(server.settings, (apps) => apps.deliveries({ taskId })))[0]!;

/** Lets the waiting tries be due now. */
const hurry = async (): Promise<void> => {
  const client = new pg.Client(runningConnection(server.dataDir));
  await client.connect();
  await client.query(
    "update pgboss.job set start_after = now() where name = 'callback' and state = 'created'",
  );
  await client.end();
};

it('posts the envelope of the ended task, signed, and writes the delivery down', async () => {
  const id = await create('hello');
  const [{ headers, body }] = await until(async () => received.length > 0 && (received as [Received]));
  const envelope = new Webhook(secret).verify(body, headers) as Envelope<Task>;
  expect(Object.keys(envelope)).toEqual(['trace_id', 'code', 'msg', 'data']);
  expect(envelope).toMatchObject({ code: 0, msg: 'success', data: { id, status: 20, progress: 100 } });
  expect(envelope.trace_id).toMatch(/^[0-9a-f]{32}$/);
  expect(envelope.data).toEqual((await server.app.call('taskDetail', { id })).data);
  expect((await fetch(envelope.data.video_url)).status).toBe(200);
  const record = await until(async () => {
    const found = await delivery(id);
    return found.status === 'delivered' && found;
  });
  expect(headers['webhook-id']).toBe(record.id);
  expect(record.tries).toMatchObject([{ number: 1, httpStatus: 204, error: '' }]);
});

it('tells a failure too, and a cancelled task', async () => {
  const failed = await create('refuse');
  await until(async () => received.length === 1);
  expect(JSON.parse(received[0]!.body).data).toMatchObject({ id: failed, status: 30 });
  const hanging = await create('hang');
  await server.app.call('cancelTask', { id: hanging });
  await until(async () => received.length === 2);
  expect(JSON.parse(received[1]!.body).data).toMatchObject({ id: hanging, status: 30 });
});

it('tries eight times over a day with growing pauses, each with the same id and body', async () => {
  expect(RETRY_SECONDS.length + 1).toBe(8);
  const day = RETRY_SECONDS.reduce((sum, seconds) => sum + seconds, 0) / 3600;
  expect(day).toBeGreaterThan(20);
  expect(day).toBeLessThan(25);
  expect([...RETRY_SECONDS].sort((a, b) => a - b)).toEqual(RETRY_SECONDS);
  answers = Array.from({ length: 20 }, () => 500);
  const id = await create('hello');
  await until(async () => {
    await hurry();
    return (await delivery(id))?.status === 'failed';
  });
  expect(received).toHaveLength(8);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  expect((await delivery(id)).tries.map((entry) => entry.httpStatus)).toEqual(Array(8).fill(500));
});

it('stops at 410', async () => {
  answers = [500, 410];
  const id = await create('hello');
  await until(async () => {
    await hurry();
    return (await delivery(id))?.status === 'stopped';
  });
  expect(received).toHaveLength(2);
});
