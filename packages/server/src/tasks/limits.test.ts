// What one task may cost, what apps may make, and what a repeated create costs.
import { randomUUID } from 'node:crypto';
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
let video: string;
let audio: string;

beforeAll(async () => {
  server = await startTestServer({ 'creates-per-minute': '10', renders: '1' });
  video = await server.app.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
  audio = await server.app.upload('lip_sync_audio', '1.wav', await makeMedia('a.wav'));
});
afterAll(() => server?.stop());

/** Makes room for the next test: nothing waits, no call counts. */
const clear = async (): Promise<void> => {
  const { data } = await server.app.call('listTasks', { page_size: 1000 });
  for (const { id } of data.list) await server.app.call('deleteTask', { id });
  await sqlIn(server.dataDir, 'delete from recent_call');
};

const create = (wish: object, headers = {}, app: TestApp = server.app): Promise<Reply> =>
  app.call(
    'createTask',
    {
      video_file_id: video,
      screen_width: 64,
      screen_height: 64,
      tts_config: { text: '你好', audio_man_id: EXAMPLE_VOICE_ID },
      ...wish,
    },
    headers,
  );

it('lets 16 parallel repeats of one create cost nothing of the call limit', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const replies = await Promise.all(Array.from({ length: 16 }, () => create({}, headers)));
  expect(replies.map((reply) => reply.code)).toEqual(Array(16).fill(0));
  expect(new Set(replies.map((reply) => reply.data)).size).toBe(1);
  for (let n = 0; n < 9; n += 1) expect((await create({})).code).toBe(0);
  expect((await create({})).code).toBe(CODE.rateLimited);
  expect((await create({}, headers)).data).toBe(replies[0]!.data);
  await clear();
});

it('refuses a task that would hold the machine for hours, and tells what it would cost', async () => {
  await sqlIn(server.dataDir, 'update file set duration = 1800 where id = $1', [audio]);
  const size = { screen_width: 4096, screen_height: 4096 };
  const refused = await create({ ...size, audio_type: 'audio', audio_file_id: audio });
  expect(refused.code).toBe(CODE.parameter);
  expect(refused.msg).toMatch(
    /4096x4096.*at most 4000 million pixels times seconds.*1800 s.*cost 30199.*at most 238 s/,
  );
  expect((await create({ audio_type: 'audio', audio_file_id: audio })).code).toBe(0);
  const text = '你'.repeat(4000);
  expect((await create({ ...size, tts_config: { text, audio_man_id: EXAMPLE_VOICE_ID } })).code).toBe(
    CODE.parameter,
  );
  expect((await create({ tts_config: { text, audio_man_id: EXAMPLE_VOICE_ID } })).code).toBe(0);
  await clear();
});

it('refuses a size that crops the face away, and says why', async () => {
  for (const [screen_width, screen_height] of [
    [64, 4096],
    [4096, 64],
  ]) {
    const { code, msg } = await create({ screen_width, screen_height });
    expect(code).toBe(CODE.parameter);
    expect(msg).toContain(`received "${screen_width}x${screen_height}", expected a size that keeps the face`);
    expect(msg).toContain('the face takes 40x50');
  }
});

it('makes odd sizes even', async () => {
  const { data: id } = await create({ screen_width: 853, screen_height: 481 });
  expect((await server.app.ended(id)).status).toBe(20);
  const { rows } = await sqlIn(server.dataDir, 'select bytes, duration_ms from task where id = $1', [id]);
  expect(Number(rows[0].bytes)).toBeGreaterThan(1000);
  await clear();
});

it('holds an app to its quotas of size and of minutes a day, whatever it deletes', async () => {
  const made = await withApps(server.settings, (apps) => apps.create('quotas'));
  const app = await server.login({ app_id: made.id, secret_key: made.secretKey });
  const own = await app.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
  const quotas = await withApps(server.settings, (apps) =>
    apps.setQuotas(made.id, { renderMinutesADay: 0.1, pixels: 100 * 100 }),
  );
  expect(quotas).toEqual({ storageBytes: null, renderMinutesADay: 0.1, pixels: 10_000 });

  const large = await create({ video_file_id: own, screen_width: 102, screen_height: 100 }, {}, app);
  expect(large).toMatchObject({ code: CODE.quotaReached, msg: expect.stringContaining('10200 pixels') });

  // Ten characters are read in two and a half seconds, of which six seconds hold two.
  const wish = (text: string) => ({
    video_file_id: own,
    tts_config: { text, audio_man_id: EXAMPLE_VOICE_ID },
  });
  const hanging = await create(wish(`hang ${'好'.repeat(8)}`), {}, app);
  const second = await create(wish('好'.repeat(10)), {}, app);
  expect([hanging.code, second.code]).toEqual([0, 0]);
  const third = await create(wish('好'.repeat(10)), {}, app);
  expect(third).toMatchObject({ code: CODE.quotaReached, msg: expect.stringContaining('may make 0.1') });
  // What never began does not count; what did begin does, also when it is deleted.
  expect((await app.call('cancelTask', { id: second.data })).code).toBe(0);
  await until(async () => (await app.call('taskDetail', { id: hanging.data })).data.status === 10, 90);
  await app.call('deleteTask', { id: hanging.data });
  const fourth = await create(wish('好'.repeat(10)), {}, app);
  expect(fourth.code).toBe(0);
  expect((await create(wish('好'.repeat(10)), {}, app)).code).toBe(CODE.quotaReached);
  // What was made counts by its real length.
  expect((await app.ended(fourth.data)).status).toBe(20);
  expect((await create(wish('好'.repeat(10)), {}, app)).code).toBe(0);
  // Results count as storage.
  await withApps(server.settings, (apps) =>
    apps.setQuotas(made.id, { storageBytes: 10, renderMinutesADay: null }),
  );
  expect(await create(wish('好'), {}, app)).toMatchObject({ code: CODE.quotaReached });
});
