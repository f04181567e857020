import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { withApps } from '../manage-apps.js';
import { openTestQueue } from '../testing/test-queue.js';
import { makeMedia, startTestServer, type TestServer, until } from '../testing/test-server.js';
import { openUrlSigner } from './signed-urls.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ 'url-minutes': '10' });
});
afterAll(() => server?.stop());

const urlOf = async (id: string): Promise<string> =>
  (await server.app.call('fileDetail', { id })).data.full_path;

it('gives URLs that end when told so, and another key ends all of them', async () => {
  const id = await server.app.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
  const url = await urlOf(id);
  expect(url).toMatch(/\.mp4\?expires=\d+$/);
  expect((await fetch(url)).status).toBe(200);
  for (const wrong of [
    url.replace(/\?.*/, ''),
    url.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)),
  ]) {
    expect((await fetch(wrong)).status).toBe(404);
  }
  await withApps(server.settings, (apps) => apps.rotateUrls());
  await until(async () => (await fetch(url)).status === 404);
  expect((await fetch(await urlOf(id))).status).toBe(200);
});

it('ends URLs after one to two times their minutes, the same URL for all who ask meanwhile', async () => {
  const queue = await openTestQueue();
  const signer = await openUrlSigner(queue.database, { urlMinutes: 10, resultsUrl: '', s3Prefix: '' });
  const forever = await openUrlSigner(queue.database, { urlMinutes: 0, resultsUrl: '', s3Prefix: '' });
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const seconds = 600 * 3_000_000;
    const at = (offset: number) => vi.setSystemTime((seconds + offset) * 1000);
    const parts = (url: string) => /files\/(\w+)\/(.*?)(?:\?expires=(\d*))?$/.exec(url)!;
    const check = (url: string) => {
      const [, signature, key, expires = ''] = parts(url);
      return signer.checkRead(key!, expires, signature!);
    };
    at(1);
    const url = signer.readUrl('', 'uploads/a.mp4');
    at(599);
    expect(signer.readUrl('', 'uploads/a.mp4')).toBe(url);
    expect(check(url)).toBe('ok');
    at(1199);
    expect(check(url)).toBe('ok');
    at(1201);
    expect(check(url)).toBe('expired');
    expect(check(url.replace('uploads/a', 'uploads/b'))).toBe('wrong');
    // Given out before the setting.
    expect(check(forever.readUrl('', 'uploads/a.mp4'))).toBe('expired');
  } finally {
    vi.useRealTimers();
    signer.close();
    forever.close();
    await queue.close();
  }
});

it('names results where anybody may read them, and nothing else', async () => {
  const queue = await openTestQueue();
  const settings = { urlMinutes: 0, resultsUrl: 'https://cdn.example.com/x', s3Prefix: 'avatar/' };
  const signer = await openUrlSigner(queue.database, settings);
  expect(signer.readUrl('http://api', 'lip-sync/1/a.mp4')).toBe(
    'https://cdn.example.com/x/avatar/lip-sync/1/a.mp4',
  );
  expect(signer.readUrl('http://api', 'uploads/a.mp4')).toMatch(
    /^http:\/\/api\/files\/\w+\/uploads\/a\.mp4$/,
  );
  signer.close();
  await queue.close();
});
