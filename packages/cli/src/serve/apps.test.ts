import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, MAIN, type Outcome } from '../testing/site.test.fixture.js';

let home: string;

const apps = (...args: string[]): Promise<Outcome> =>
  execute(process.execPath, [MAIN, 'apps', ...args], { directory: home, environment: { HOME: home } });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'apps-'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe('apps, where no server has been', () => {
  it.each([
    [['create']],
    [['rotate']],
    [['disable']],
    [['deliveries', '--limit', 'x']],
    [['nothing']],
    [['enable']],
    [['rotate-callback']],
    [['sign-in']],
    [['quota']],
    [['quota', 'a', '--storage', 'lots']],
    [['quota', 'a', '--render-minutes', '-1']],
    [['quota', 'a', '--max-size', '1080']],
  ])('%j is wrong usage and makes nothing', async (args) => {
    expect(await apps(...args)).toMatchObject({ code: 2, out: '' });
    expect(await readdir(home)).toEqual([]);
  });

  it.each([
    [['list']],
    [['rotate', 'a']],
    [['disable', 'a']],
    [['deliveries']],
    [['rotate-urls']],
    [['sign-in', 'a']],
    [['quota', 'a']],
  ])('%j says that there is no server data, and makes none', async (args) => {
    const { code, out, err } = await apps(...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/no server data in .*chanjing-avatar-data\..*--data-dir/);
    expect(await readdir(home)).toEqual([]);
  });
});

it('creates, lists and disables an app, and knows no other', async () => {
  const created = JSON.parse((await apps('create', 'shop')).out);
  expect(JSON.parse((await apps('list')).out)).toMatchObject([{ app_id: created.app_id, disabled: null }]);
  expect(await apps('deliveries', created.app_id)).toMatchObject({ code: 0, out: '[]\n' });
  for (const action of ['deliveries', 'rotate', 'disable', 'enable', 'rotate-callback', 'quota']) {
    const { code, out, err } = await apps(action, 'nobody');
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(/There is no app nobody\..*apps list/)]);
  }
  const disabled = await apps('disable', created.app_id);
  expect(disabled).toMatchObject({ code: 0, out: '' });
  expect(disabled.err).toMatch(new RegExp(`^App ${created.app_id} is disabled`));
  expect(JSON.parse((await apps('list')).out)).not.toMatchObject([{ disabled: null }]);
  expect(await apps('enable', created.app_id)).toMatchObject({ code: 0, out: '' });
  expect(JSON.parse((await apps('list')).out)).toMatchObject([{ disabled: null, storage_bytes: null }]);

  const rotated = JSON.parse((await apps('rotate-callback', created.app_id)).out);
  expect(rotated).toEqual({
    app_id: created.app_id,
    name: 'shop',
    callback_secret: expect.stringMatching(/^whsec_/),
  });
  expect(rotated.callback_secret).not.toBe(created.callback_secret);
  expect(await apps('rotate-urls')).toMatchObject({ code: 0, out: '' });

  const quota = ['--storage', '20G', '--render-minutes', '1.5', '--max-size', '1080x1920'];
  const all = { storage_bytes: 20e9, render_minutes_a_day: 1.5, max_pixels: 1080 * 1920 };
  expect(JSON.parse((await apps('quota', created.app_id, ...quota)).out)).toEqual([
    { app_id: created.app_id, ...all },
  ]);
  await apps('quota', created.app_id, '--storage', 'none');
  expect(JSON.parse((await apps('list')).out)).toMatchObject([{ ...all, storage_bytes: null }]);
});

it('writes the secrets of the first app to a file of ours alone when nobody watches, and says where', async () => {
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0'], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, DATA_DIR: 'first', LOG_LEVEL: 'info' },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await once(child.stdout, 'data');
  const file = join(home, 'first', 'first-app.json');
  const secrets = JSON.parse(await readFile(file, 'utf8'));
  expect(secrets).toMatchObject({
    app_id: expect.any(String),
    callback_secret: expect.stringMatching(/^whsec_/),
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(said).toContain('first-app.json');
  expect(said).not.toContain(secrets.secret_key);
  expect(said).not.toContain(secrets.callback_secret);
  child.kill('SIGTERM');
  await once(child, 'exit');
});
