import { mkdtemp, readdir, rm } from 'node:fs/promises';
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
  it.each([[['create']], [['rotate']], [['disable']], [['deliveries', '--limit', 'x']], [['nothing']]])(
    '%j is wrong usage and makes nothing',
    async (args) => {
      expect(await apps(...args)).toMatchObject({ code: 2, out: '' });
      expect(await readdir(home)).toEqual([]);
    },
  );

  it.each([[['list']], [['rotate', 'a']], [['disable', 'a']], [['deliveries']]])(
    '%j says that there is no server data, and makes none',
    async (args) => {
      const { code, out, err } = await apps(...args);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/no server data in .*chanjing-avatar-data\..*--data-dir/);
      expect(await readdir(home)).toEqual([]);
    },
  );
});

it('creates, lists and disables an app, and knows no other', async () => {
  const created = JSON.parse((await apps('create', 'shop')).out);
  expect(JSON.parse((await apps('list')).out)).toMatchObject([{ app_id: created.app_id, disabled: null }]);
  expect(await apps('deliveries', created.app_id)).toMatchObject({ code: 0, out: '[]\n' });
  for (const action of ['deliveries', 'rotate', 'disable']) {
    const { code, out, err } = await apps(action, 'nobody');
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(/There is no app nobody\..*apps list/)]);
  }
  const disabled = await apps('disable', created.app_id);
  expect(disabled).toMatchObject({ code: 0, out: '' });
  expect(disabled.err).toMatch(new RegExp(`^App ${created.app_id} is disabled`));
  expect(JSON.parse((await apps('list')).out)).not.toMatchObject([{ disabled: null }]);
});
