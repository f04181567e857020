import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atSite, expectFailure } from './scripts.test.fixture.js';

const KEYS = ['--ak', 'app-2', '--sk', 'sehr-geheim'];

describe('chanjing_config', () => {
  it.concurrent('saves keys privately, prints the path, and shows the state without secrets', () =>
    atSite(async ({ credentials, run }) => {
      await rm(credentials, { recursive: true });
      const path = join(credentials, 'credentials.json');
      const saved = await run('chanjing_config', ['--ak', 'app-1234567890', '--sk', 'sehr-geheim']);
      expect(saved).toMatchObject({ code: 0, out: `${path}\n`, err: '' });
      expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
        app_id: 'app-1234567890',
        secret_key: 'sehr-geheim',
      });
      expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
      expect(((await stat(credentials)).mode & 0o777).toString(8)).toBe('700');
      const { code, out } = await run('chanjing_config', ['--status']);
      expect(code).toBe(0);
      expect(out).toContain(`配置路径: ${path}\n`);
      expect(out).toMatch(/AK \(app_id\): 已配置\nSK \(secret_key\): 已配置/);
      expect(out).not.toContain('geheim');
    }));

  it.concurrent('takes two lines or JSON from standard input, which leave no trace in the history', () =>
    atSite(async ({ credentials, run }) => {
      const path = join(credentials, 'credentials.json');
      for (const input of ['app-2\nsehr-geheim\n', '{"app_id": "app-2", "secret_key": "sehr-geheim"}']) {
        await rm(path, { force: true });
        expect(await run('chanjing_config', ['--stdin'], {}, { input })).toEqual({
          code: 0,
          out: `${path}\n`,
          err: '',
        });
        expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
          app_id: 'app-2',
          secret_key: 'sehr-geheim',
        });
      }
      for (const input of ['', 'only-one\n', 'a b c', '{"app_id": "x"}', '{broken'])
        expectFailure(await run('chanjing_config', ['--stdin'], {}, { input }), /^标准输入应为两行/);
    }));

  it.concurrent('replaces a broken store, and says of a status that it is broken', () =>
    atSite(async ({ credentials, run }) => {
      const path = join(credentials, 'credentials.json');
      await writeFile(path, '{"secret_key": "sehr-geheim');
      const status = await run('chanjing_config', ['--status']);
      expectFailure(status, /^凭据文件不可用: /);
      expect(status.err).not.toContain('geheim');
      expect((await run('chanjing_config', KEYS)).code).toBe(0);
      expect((await run('chanjing_config', ['--status'])).out).toMatch(/SK \(secret_key\): 已配置/);
    }));

  it.concurrent('says why it cannot save', () =>
    atSite(async ({ credentials, run }) => {
      const path = join(credentials, 'credentials.json');
      await rm(path);
      await mkdir(path);
      expectFailure(await run('chanjing_config', KEYS), /^凭据文件不可用: .*cannot be written: EISDIR/);
      expect(await readdir(credentials)).toEqual(['credentials.json']);
      await rm(credentials, { recursive: true });
      await writeFile(credentials, 'a file in place of the directory');
      expectFailure(
        await run('chanjing_config', KEYS),
        /^凭据文件不可用: .*cannot be written: (EEXIST|ENOTDIR)/,
      );
    }));

  it.concurrent('tells an expired token from a valid one', () =>
    atSite(async ({ credentials, run }) => {
      const path = join(credentials, 'credentials.json');
      const statusWith = async (expire_in: number): Promise<string> => {
        const content = JSON.parse(await readFile(path, 'utf8'));
        await writeFile(path, JSON.stringify({ ...content, access_token: 'geheim', expire_in }));
        return (await run('chanjing_config', ['--status'])).out;
      };
      const now = Math.floor(Date.now() / 1000);
      expect(await statusWith(now + 3600)).toMatch(/^Token: 有效/m);
      const expired = await statusWith(now + 200);
      expect(expired).toMatch(/^Token: 已过期/m);
      expect(expired).not.toContain('geheim');
    }));

  it.concurrent('wants both keys', () =>
    atSite(async ({ credentials, run }) => {
      await rm(join(credentials, 'credentials.json'));
      expectFailure(await run('chanjing_config', ['--ak', 'x']), '错误: 必须同时提供 --ak 和 --sk');
      expectFailure(await run('chanjing_config', ['--sk', 'x']), '错误: 必须同时提供 --ak 和 --sk');
      await expect(stat(join(credentials, 'credentials.json'))).rejects.toThrow('ENOENT');
      expect((await run('chanjing_config', ['--status'])).out).toContain('状态: 未配置');
    }));
});

describe('open_login_page', () => {
  it.concurrent('tells the address where no browser can be opened', () =>
    atSite(async ({ credentials, run }) => {
      const bin = join(credentials, 'bin');
      await mkdir(bin);
      // As it ends on a machine without a browser.
      await writeFile(join(bin, 'xdg-open'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
      const environment = { CHANJING_OPENAPI_BASE_URL: '', PATH: `${bin}:${process.env.PATH}` };
      const { code, out } = await run('open_login_page', [], environment);
      expect([code, out]).toEqual([
        0,
        expect.stringMatching(/^无法打开浏览器,请手动访问: https:\/\/www\.chanjing\.cc\/openapi\/login\n/),
      ]);
    }));

  it.concurrent('says what was opened and how to get keys', () =>
    atSite(async ({ credentials, run }) => {
      const own = await run('open_login_page');
      expect(own.out).toContain('chanjing-avatar apps create');
      const bin = join(credentials, 'bin');
      await mkdir(bin);
      await writeFile(join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" > ${join(credentials, 'opened')}\n`, {
        mode: 0o755,
      });
      const environment = { CHANJING_OPENAPI_BASE_URL: '', PATH: `${bin}:${process.env.PATH}` };
      const cloud = await run('open_login_page', [], environment);
      expect(await readFile(join(credentials, 'opened'), 'utf8')).toBe(
        'https://www.chanjing.cc/openapi/login\n',
      );
      expect(cloud.code).toBe(0);
      expect(cloud.out).toContain('https://www.chanjing.cc/openapi/login');
      expect(cloud.out).toContain('https://www.chanjing.cc/platform/api_keys');
    }));
});
