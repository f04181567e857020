import { CODE } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import { makeMedia, startTestServer, type TestApp, type TestServer, until } from '../testing/test-server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ renders: '1' });
});
afterAll(() => server?.stop());

/** Uploads a file whose check does not end by itself. */
const uploadEndless = async (app: TestApp): Promise<string> => {
  const { data } = await app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
  const headers = { 'content-type': data.mime_type };
  await fetch(data.sign_url, { method: 'PUT', headers, body: 'hangs' });
  return data.file_id;
};

const runningChecks = async (): Promise<number> => {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/chanjing_running_jobs\{queue="check"\} (\d+)/.exec(metrics)![1]);
};

it('checks files of other apps while one app has endless ones, which end when they are deleted', async () => {
  const endless = [await uploadEndless(server.app), await uploadEndless(server.app)];
  await until(async () => (await runningChecks()) === 1);
  const made = await withApps(server.settings, (apps) => apps.create('other'));
  const other = await server.login({ app_id: made.id, secret_key: made.secretKey });
  const video = await other.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
  expect((await other.call('fileDetail', { id: video })).data.status).toBe(2);
  expect(await runningChecks()).toBe(1);
  for (const id of endless) expect((await server.app.call('deleteFile', { id })).code).toBe(CODE.success);
  await until(async () => (await runningChecks()) === 0);
  for (const id of endless) expect((await server.app.call('fileDetail', { id })).data.status).toBe(99);
});
