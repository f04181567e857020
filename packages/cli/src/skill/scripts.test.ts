import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer, Peer } from '@chanjing-avatar/test-peer';
import { FILE_ID, TASK_ID, taskOf, VIDEO } from '@chanjing-avatar/test-peer';
import { describe, expect, it } from 'vitest';
import { closedPort, FAST_CLOCK } from '../testing/site.test.fixture.js';
import {
  atSite,
  CALLERS,
  CREATE,
  expectFailure,
  POLL,
  ROUTES,
  STACK,
  UPLOAD,
} from './scripts.test.fixture.js';

const task = (status: number, changes: object = {}): Answer => ({
  data: { ...taskOf('http://peer', status, 50), ...changes },
});

const VOICES = [
  '# 共 3 个声音 (page=1)',
  `${'id'.padEnd(36)}  name`,
  '-'.repeat(60),
  ...[1, 2, 3].map((number) => `${`C-${number}`.padEnd(36)}  声音 ${number}`),
].join('\n');

/** Each script at its best: arguments and the whole of standard output. */
const successes: [script: string, args: string[], out: (peer: Peer) => string][] = [
  ['upload_file', UPLOAD, () => FILE_ID],
  ['create_task', CREATE, () => TASK_ID],
  ['poll_task', POLL, (peer) => `${peer.url}/result/video.mp4`],
  ['chanjing_get_token', [], (peer) => peer.token!],
  ['list_voices', [], () => VOICES],
];

describe('the scripts print one value', () => {
  it.concurrent.each(successes)('%s', (script, args, out) =>
    atSite(async ({ peer, run }) => {
      const outcome = await run(script, args);
      expect(outcome).toMatchObject({ code: 0, out: `${out(peer)}\n` });
      expect(outcome.err).not.toMatch(STACK);
    }),
  );

  it.concurrent('get_upload_url: the whole data object on one line', () =>
    atSite(async ({ peer, run }) => {
      const { code, out } = await run('get_upload_url', ['--service', 'lip_sync_video', '--name', '1.mp4']);
      expect([code, out.split('\n')]).toEqual([0, [expect.any(String), '']]);
      expect(out).toContain('", "mime_type": "video/mp4", "file_id": ');
      expect(JSON.parse(out)).toEqual({
        sign_url: `${peer.url}/upload?signature=geheim`,
        mime_type: 'video/mp4',
        file_id: FILE_ID,
        full_path: `${peer.url}/files/${FILE_ID}`,
        key: 'k',
      });
    }));

  it.concurrent('list_voices --json: the data object', () =>
    atSite(async ({ run }) => {
      const { out } = await run('list_voices', ['--json', '--size', '2', '--page', '2']);
      expect(JSON.parse(out)).toMatchObject({ list: [{ id: 'C-3' }], page_info: { page: 2, size: 2 } });
    }));
});

describe('the scripts without a working account or server', () => {
  it.concurrent.each(CALLERS)('%s: no credentials', (script, args) =>
    atSite(async ({ credentials, run }) => {
      await rm(join(credentials, 'credentials.json'));
      const own = await run(script, args);
      expectFailure(own, /^未配置 AK\/SK。.*apps create <名称>.*serve --save-credentials/);
      expect(own.err).not.toContain('www.chanjing.cc');
      const onCloud = await run(script, args, { CHANJING_OPENAPI_BASE_URL: '' });
      expectFailure(onCloud, /^未配置 AK\/SK。.*www\.chanjing\.cc\/platform\/api_keys/);
      expect(onCloud.err).not.toContain('apps create');
    }),
  );

  it.concurrent.each(CALLERS)('%s: a broken store', (script, args) =>
    atSite(async ({ credentials, run }) => {
      await writeFile(join(credentials, 'credentials.json'), '{"secret_key": "sehr-geheim');
      const outcome = await run(script, args);
      expectFailure(outcome, /^凭据文件不可用: /);
      expect(outcome.err).not.toContain('geheim');
    }),
  );

  it.concurrent.each(CALLERS)('%s: a directory in place of the store', (script, args) =>
    atSite(async ({ credentials, run }) => {
      const path = join(credentials, 'credentials.json');
      await rm(path);
      await mkdir(path);
      expectFailure(await run(script, args), /^凭据文件不可用: .*EISDIR/);
    }),
  );

  it.concurrent.each(CALLERS)('%s: a store that may not be read', (script, args) =>
    atSite(async ({ credentials, home, run }) => {
      for (const directory of [home, credentials]) await chmod(directory, 0o755);
      const path = join(credentials, 'credentials.json');
      await chmod(path, 0);
      // Root may read all: somebody else runs the script.
      const user = process.getuid?.() === 0 ? { user: { uid: 65_534, gid: 65_534 } } : {};
      expectFailure(await run(script, args, {}, user), /^凭据文件不可用: .*EACCES/);
    }),
  );

  it.concurrent.each(CALLERS)('%s: an expired token is renewed once', (script, args) =>
    atSite(async ({ peer, credentials, run }) => {
      const path = join(credentials, 'credentials.json');
      const content = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...content, access_token: 'old', expire_in: 1000 }));
      expect(await run(script, args)).toMatchObject({ code: 0 });
      expect(peer.seen(ROUTES.token)).toHaveLength(1);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ access_token: peer.token });
      expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
    }),
  );

  it.concurrent.each(CALLERS)('%s: HTTP 500', (script, args, route) =>
    atSite(async ({ peer, run }) => {
      peer.script(route, () => ({ status: 500, body: 'oops' }));
      const said = {
        chanjing_get_token: '请求 Token 失败: HTTP Error 500: Internal Server Error',
        create_task: /^创建结果未知: HTTP 500 Internal Server Error.*create_time >= \d+/s,
      }[script];
      expectFailure(
        await run(script, args, FAST_CLOCK),
        said ?? '请求失败: HTTP Error 500: Internal Server Error',
      );
      expect(peer.seen(route)).toHaveLength(3);
    }),
  );

  it.concurrent.each(CALLERS)('%s: a time-out', (script, args, route) =>
    atSite(async ({ peer, run }) => {
      peer.script(route, () => 'hang');
      const said = {
        chanjing_get_token: `请求 Token 失败: No reply from ${peer.url} within 60 s`,
        create_task: /^创建结果未知: No reply from .* within 60 s.*create_time >= \d+/s,
      }[script];
      const outcome = await run(script, args, FAST_CLOCK);
      expectFailure(outcome, said ?? `请求失败: No reply from ${peer.url} within 60 s`);
    }),
  );

  it.concurrent.each(CALLERS)('%s: too many calls', (script, args, route) =>
    atSite(async ({ peer, run }) => {
      peer.script(route, () => ({ code: 40001, msg: '请求过于频繁' }));
      const said = {
        chanjing_get_token: '获取 Token 失败 (code=40001): 请求过于频繁',
        upload_file: '文件未就绪: 请求过于频繁',
      }[script];
      expectFailure(await run(script, args, FAST_CLOCK), said ?? '请求过于频繁');
      expect(peer.seen(route)).toHaveLength(3);
    }),
  );

  it.concurrent.each(CALLERS.filter(([script]) => script !== 'chanjing_get_token'))(
    '%s: a fresh token is refused too',
    (script, args, route) =>
      atSite(async ({ peer, run }) => {
        peer.script(route, () => ({ code: 10400, msg: 'AccessToken verification failed' }));
        const prefix = script === 'upload_file' ? '文件未就绪: ' : '';
        expectFailure(await run(script, args), `${prefix}AccessToken verification failed`);
        expect([peer.seen(route).length, peer.seen(ROUTES.token).length]).toEqual([2, 2]);
      }),
  );

  it.concurrent('no Node.js to run with', () =>
    atSite(async ({ credentials, run }) => {
      const environment = { CHANJING_AVATAR_CLI: join(credentials, 'credentials.json') };
      expectFailure(await run('list_voices', [], environment), /Node\.js 20\.19/);
    }));

  it.concurrent.each(CALLERS)('%s: connection refused', (script, args) =>
    atSite(async ({ run }) => {
      const outcome = await run(script, args, { CHANJING_OPENAPI_BASE_URL: await closedPort() });
      expectFailure(outcome, /^请求 Token 失败: No connection to http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED/);
    }),
  );

  it.concurrent('keys that are refused', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.token, { code: 40000, msg: 'AK 或 SK 错误' });
      expectFailure(await run('chanjing_get_token'), '获取 Token 失败 (code=40000): AK 或 SK 错误');
    }));

  it.concurrent('HTTP 500 for the token', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.token, () => ({ status: 500, body: 'oops' }));
      expectFailure(
        await run('chanjing_get_token'),
        '请求 Token 失败: HTTP Error 500: Internal Server Error',
      );
    }));

  it.concurrent('an expired token is renewed, written back privately, and other keys of the file stay', () =>
    atSite(async ({ peer, credentials, run }) => {
      const path = join(credentials, 'credentials.json');
      const content = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...content, access_token: 'old', expire_in: 1000 }));
      expect((await run('create_task', CREATE)).code).toBe(0);
      expect(peer.seen(ROUTES.token)).toHaveLength(1);
      const saved = JSON.parse(await readFile(path, 'utf8'));
      expect(saved).toEqual({ ...content, access_token: peer.token, expire_in: expect.any(Number) });
      expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
      expect(((await stat(credentials)).mode & 0o777).toString(8)).toBe('700');
    }));

  it.concurrent('a token replaced by somebody else is renewed once', () =>
    atSite(async ({ peer, run }) => {
      expect((await run('chanjing_get_token')).code).toBe(0);
      peer.token = 'somebody-elses';
      expect(await run('create_task', CREATE)).toMatchObject({ code: 0, out: `${TASK_ID}\n` });
      expect(peer.seen(ROUTES.token)).toHaveLength(2);
    }));
});

describe('create_task', () => {
  it.concurrent('sends the defaults of the originals and what was given; audio wins', () =>
    atSite(async ({ peer, run }) => {
      await run('create_task', CREATE);
      await run('create_task', [
        ...CREATE,
        '--audio-file-id',
        'a',
        '--backway=2',
        '--drive-mode',
        'random',
        '--volume',
        '50',
      ]);
      const common = { video_file_id: FILE_ID, screen_width: 1080, screen_height: 1920, model: 0 };
      expect(peer.seen(ROUTES.create).map(({ json }) => json)).toEqual([
        {
          ...common,
          audio_type: 'tts',
          tts_config: { text: ['君不见'], audio_man_id: 'C-1', speed: 1, pitch: 1 },
        },
        { ...common, audio_type: 'audio', audio_file_id: 'a', backway: 2, drive_mode: 'random', volume: 50 },
      ]);
    }));

  it.concurrent('drops emoji with a notice', () =>
    atSite(async ({ peer, run }) => {
      const outcome = await run('create_task', [
        '--video-file-id',
        'x',
        '--text',
        '好👍',
        '--audio-man-id',
        'C-1',
      ]);
      expect(outcome).toMatchObject({ code: 0, out: `${TASK_ID}\n` });
      expect(outcome.err).toMatch(/emoji|表情/);
      expect(peer.seen(ROUTES.create)[0]!.json).toMatchObject({ tts_config: { text: ['好'] } });
    }));
});

describe('poll_task', () => {
  it.concurrent('waits through pending and generating, and downloads when asked', () =>
    atSite(async ({ peer, credentials, run }) => {
      peer.script(ROUTES.detail, task(0, { progress: 0 }), task(10));
      const output = join(credentials, 'out.mp4');
      const outcome = await run('poll_task', [...POLL, '--output', output]);
      expect(outcome).toMatchObject({ code: 0, out: `${peer.url}/result/video.mp4\n` });
      expect(await readFile(output)).toEqual(VIDEO);
    }));
});
