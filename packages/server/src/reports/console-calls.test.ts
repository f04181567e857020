// The calls that the console needs, as anyone may use them.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CODE, EXAMPLE_VOICE_ID } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import {
  makeMedia,
  type Reply,
  sqlIn,
  startTestServer,
  type TestApp,
  type TestServer,
  until,
} from '../testing/test-server.js';

let server: TestServer;
let app: TestApp;
let stranger: TestApp;
let receiver: Server;
let video: string;
let done: string;
/** What the receiver answers. */
let answer = 200;

const create = async (text: string, more = {}): Promise<string> => {
  const tts_config = { text, audio_man_id: EXAMPLE_VOICE_ID };
  const size = { screen_width: 64, screen_height: 64 };
  const { data, msg } = await app.call('createTask', { video_file_id: video, ...size, tts_config, ...more });
  expect(msg).toBe('success');
  return data;
};

beforeAll(async () => {
  receiver = createServer((_request, response) => response.writeHead(answer).end());
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  server = await startTestServer({ 'callback-allow': '127.0.0.1/32' });
  app = server.app;
  const other = await withApps(server.settings, (apps) => apps.create('stranger'));
  stranger = await server.login({ app_id: other.id, secret_key: other.secretKey });
  video = await app.upload('lip_sync_video', 'Interview 50%.mp4', await makeMedia('a.mp4'));
  const { port } = receiver.address() as AddressInfo;
  done = await create('第一个视频 50%', { callback: `http://127.0.0.1:${port}/told` });
  await app.ended(done);
  await app.ended(await create('please refuse it'));
});
afterAll(async () => {
  await server?.stop();
  receiver?.close();
});

const found = async (wish: object): Promise<string[]> =>
  (await app.call('searchTasks', wish)).data.list.map(({ text }: { text: string }) => text);

it('finds tasks by text, name of the clip, state and time, and nothing by wildcards', async () => {
  expect(await found({})).toEqual(['please refuse it', '第一个视频 50%']);
  expect(await found({ text: 'REFUSE' })).toEqual(['please refuse it']);
  expect(await found({ text: 'interview' })).toHaveLength(2);
  expect(await found({ text: '视频 50%' })).toEqual(['第一个视频 50%']);
  expect(await found({ text: '_lease' })).toEqual([]);
  expect(await found({ status: 30 })).toEqual(['please refuse it']);
  expect(await found({ status: 20, text: 'refuse' })).toEqual([]);
  const now = Math.floor(Date.now() / 1000);
  expect(await found({ created_from: now + 60 })).toEqual([]);
  expect(await found({ created_from: now - 600, created_to: now + 60 })).toHaveLength(2);
  const page = await app.call('searchTasks', { page: 2, page_size: 1 });
  expect(page.data).toMatchObject({
    list: [{ id: done, text: '第一个视频 50%', driving_name: 'Interview 50%.mp4', status: 20 }],
    page_info: { page: 2, size: 1, total_count: 2, total_page: 2 },
  });
  expect((await stranger.call('searchTasks', {})).data.list).toEqual([]);
});

it('reports what was asked for and how it was made, to its owner only', async () => {
  const { data } = await app.call('taskReport', { id: done });
  expect(data).toMatchObject({
    task: { id: done, status: 20 },
    request: { video_file_id: video, screen_width: 64, tts_config: { text: '第一个视频 50%', speed: 1 } },
    driving_name: 'Interview 50%.mp4',
    subtitles_url: '',
    report: { fps: 25, frames: 10 },
  });
  expect((await fetch(data.driving_url)).status).toBe(200);
  expect(data.trace_id).toMatch(/^[0-9a-f]{32}$/);
  expect((await stranger.call('taskReport', { id: done })).code).toBe(CODE.parameter);
});

it('lists uploads with what their check found', async () => {
  const { data } = await app.call('listFiles', { service: 'lip_sync_video' });
  expect(data.list).toMatchObject([{ id: video, duration: 1, status: 2 }]);
  expect((await app.call('listFiles', { service: 'lip_sync_audio' })).data.list).toEqual([]);
  expect((await stranger.call('listFiles', {})).data.list).toEqual([]);
});

const delivery = async (): Promise<Reply['data']> =>
  (await app.call('listDeliveries', { task_id: done })).data.list[0];

it('lists callbacks with each try, and sends one again with the tries counted on', async () => {
  const first = await until(async () => {
    const one = await delivery();
    return one?.status === 'delivered' && one;
  });
  expect(first.tries).toMatchObject([{ number: 1, http_status: 200 }]);
  expect((await stranger.call('resendDelivery', { id: first.id })).code).toBe(CODE.parameter);
  answer = 410;
  const again = await app.call('resendDelivery', { id: first.id });
  expect(again.data).toMatchObject({ id: first.id, status: 'pending' });
  // Refused while it is being tried; a try that has ended by now may be followed by another.
  const { code, msg } = await app.call('resendDelivery', { id: first.id });
  if (code !== 0) expect(msg).toContain('still being tried');
  const expected = code === 0 ? [200, 410, 410] : [200, 410];
  const last = await until(async () => {
    const one = await delivery();
    return one.status === 'stopped' && one.tries.length === expected.length && one;
  });
  expect(last.tries.map((one: { http_status: number }) => one.http_status)).toEqual(expected);
  expect((await stranger.call('listDeliveries', {})).data.list).toEqual([]);
});

it('removes report and subtitles with their task', async () => {
  const keys = async (): Promise<string[]> => {
    const { rows } = await sqlIn(server.dataDir, 'select report_key from task where report_key is not null');
    return rows.map(({ report_key }) => report_key);
  };
  const [key] = await keys();
  const { existsSync } = await import('node:fs');
  const file = `${server.dataDir}/objects/${key}`;
  expect(existsSync(file)).toBe(true);
  await app.call('deleteTask', { id: done });
  await until(async () => !existsSync(file));
  expect(await keys()).toEqual([]);
});

it('answers from among 10,000 tasks as quickly at the end as at the beginning', async () => {
  await sqlIn(
    server.dataDir,
    `insert into task (id, app_id, video_file_id, request, status, trace_id, base_url)
     select md5(n::text), $1, $2, json_build_object('tts_config', json_build_object('text', 'Nummer ' || n)), 20, '', ''
     from generate_series(1, 10000) n`,
    [server.credentials.app_id, video],
  );
  const timed = async (wish: object): Promise<number> => {
    const begin = performance.now();
    expect((await app.call('searchTasks', { page_size: 50, ...wish })).data.list.length).toBeGreaterThan(0);
    return performance.now() - begin;
  };
  await timed({});
  const middle = async (wish: object): Promise<number> => {
    const times = [await timed(wish), await timed(wish), await timed(wish)];
    return times.sort((a, b) => a - b)[1]!;
  };
  const figures = {
    first: await middle({}),
    last: await middle({ page: 200 }),
    text: await middle({ text: 'mmer 99' }),
  };
  console.log('ms among 10,000 tasks', figures);
  expect(figures.last).toBeLessThan(20 * figures.first + 500);
  expect(figures.text).toBeLessThan(5000);
});
