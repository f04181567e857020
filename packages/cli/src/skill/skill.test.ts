import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, Peer } from '@chanjing-avatar/test-peer';
import { FILE_ID, startPeer, TASK_ID, taskOf, VIDEO } from '@chanjing-avatar/test-peer';
import { describe, expect, it } from 'vitest';

// Runs the scripts as callers do. Where there is no Python, the launchers are left out and what they launch is run.

const CLI = fileURLToPath(new URL('../main.js', import.meta.url));
const SKILLS = fileURLToPath(new URL('../../../../skills', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

const GUARD = new Set(['chanjing_config', 'chanjing_get_token', 'open_login_page']);

const programOf = (script: string): [string, string[]] => {
  const skill = GUARD.has(script) ? 'chanjing-credentials-guard' : 'chanjing-avatar';
  return hasPython
    ? ['python3', ['-B', join(SKILLS, skill, 'scripts', `${script}.py`)]]
    : [process.execPath, [CLI, 'skill', script]];
};

type Outcome = { code: number | null; out: string; err: string };

type Site = {
  peer: Peer;
  dir: string;
  /** Runs a script; `{FILE}` in the arguments is a small video. */
  run(script: string, args?: string[], environment?: Record<string, string>): Promise<Outcome>;
};

const TOKEN = 'POST /open/v1/access_token';
const URL_ROUTE = 'GET /open/v1/common/create_upload_url';
const PUT = 'PUT /upload';
const FILE = 'GET /open/v1/common/file_detail';
const CREATE = 'POST /open/v1/video_lip_sync/create';
const DETAIL = 'GET /open/v1/video_lip_sync/detail';

/** A server, a credentials directory with its keys, and an input for the scripts. */
const atSite = async (work: (site: Site) => Promise<void>): Promise<void> => {
  const peer = await startPeer();
  const home = await mkdtemp(join(tmpdir(), 'skill-'));
  const dir = join(home, 'credentials');
  await mkdir(dir);
  await writeFile(
    join(dir, 'credentials.json'),
    JSON.stringify({ app_id: peer.keys.appId, secret_key: peer.keys.secretKey, note: 1 }),
  );
  const file = join(home, '我的 视频.mp4');
  await writeFile(file, 'the video');
  const run: Site['run'] = (script, args = [], environment = {}) =>
    new Promise((resolve) => {
      const [program, before] = programOf(script);
      const child = spawn(program, [...before, ...args.map((one) => one.replace('{FILE}', file))], {
        cwd: home,
        env: {
          PATH: process.env.PATH,
          HOME: home,
          CHANJING_AVATAR_CLI: CLI,
          CHANJING_OPENAPI_BASE_URL: `${peer.url}/`,
          CHANJING_OPENAPI_CREDENTIALS_DIR: dir,
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const texts = { out: '', err: '' };
      child.stdout.on('data', (chunk) => {
        texts.out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        texts.err += chunk;
      });
      child.on('close', (code) => resolve({ code, ...texts }));
    });
  try {
    await work({ peer, dir, run });
  } finally {
    await peer.close();
    await rm(home, { recursive: true, force: true });
  }
};

/** A URL at which nothing listens. */
const closedPort = async (): Promise<string> => {
  const gone = await startPeer();
  await gone.close();
  return gone.url;
};

const STACK = /\n\s+at |Traceback|node:internal/;

const failsWith = (outcome: Outcome, line: string | RegExp): void => {
  if (typeof line === 'string') expect(outcome.err.trim().split('\n').at(-1)).toBe(line);
  else expect(outcome.err).toMatch(line);
  expect(outcome).toMatchObject({ code: 1, out: '' });
  expect(outcome.err).not.toMatch(STACK);
};

const upload = ['--service', 'lip_sync_video', '--file', '{FILE}', '--poll-interval', '0.05'];
const create = ['--video-file-id', FILE_ID, '--text', '君不见', '--audio-man-id', 'C-1'];
const poll = ['--id', TASK_ID, '--interval', '0.05'];

/** Each script at its best: arguments and the whole of standard output. */
const successes: [script: string, args: string[], out: (peer: Peer) => string][] = [
  ['upload_file', upload, () => FILE_ID],
  ['create_task', create, () => TASK_ID],
  ['poll_task', poll, (peer) => `${peer.url}/result/video.mp4`],
  ['chanjing_get_token', [], (peer) => peer.token!],
  ['list_voices', [], () => 'id   name\nC-1  声音 1\nC-2  声音 2\nC-3  声音 3'],
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
  const callers: [string, string[]][] = [
    ['get_upload_url', ['--service', 'lip_sync_video', '--name', '1.mp4']],
    ['upload_file', upload],
    ['create_task', create],
    ['poll_task', poll],
    ['chanjing_get_token', []],
    ['list_voices', []],
  ];

  it.concurrent.each(callers)('%s: no credentials', (script, args) =>
    atSite(async ({ dir, run }) => {
      await rm(join(dir, 'credentials.json'));
      failsWith(await run(script, args), /^未配置 AK\/SK。/);
    }),
  );

  it.concurrent.each(callers)('%s: a broken store', (script, args) =>
    atSite(async ({ dir, run }) => {
      await writeFile(join(dir, 'credentials.json'), '{"secret_key": "sehr-geheim');
      const outcome = await run(script, args);
      failsWith(outcome, /^凭据文件不可用: /);
      expect(outcome.err).not.toContain('geheim');
    }),
  );

  it.concurrent.each(callers)('%s: connection refused', (script, args) =>
    atSite(async ({ run }) => {
      const outcome = await run(script, args, { CHANJING_OPENAPI_BASE_URL: await closedPort() });
      failsWith(outcome, /^请求 Token 失败: No connection to http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED/);
    }),
  );

  it.concurrent('keys that are refused', () =>
    atSite(async ({ peer, run }) => {
      peer.script(TOKEN, { code: 40000, msg: 'AK 或 SK 错误' });
      failsWith(await run('chanjing_get_token'), '获取 Token 失败 (code=40000): AK 或 SK 错误');
    }));

  it.concurrent('HTTP 500 for the token', () =>
    atSite(async ({ peer, run }) => {
      peer.script(TOKEN, () => ({ status: 500, body: 'oops' }));
      failsWith(await run('chanjing_get_token'), '请求 Token 失败: HTTP 500 Internal Server Error');
    }));

  it.concurrent('an expired token is renewed, written back privately, and other keys of the file stay', () =>
    atSite(async ({ peer, dir, run }) => {
      const path = join(dir, 'credentials.json');
      const content = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...content, access_token: 'old', expire_in: 1000 }));
      expect((await run('create_task', create)).code).toBe(0);
      expect(peer.seen(TOKEN)).toHaveLength(1);
      const saved = JSON.parse(await readFile(path, 'utf8'));
      expect(saved).toEqual({ ...content, access_token: peer.token, expire_in: expect.any(Number) });
      expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
      expect(((await stat(dir)).mode & 0o777).toString(8)).toBe('700');
    }));

  it.concurrent('a token replaced by somebody else is renewed once', () =>
    atSite(async ({ peer, run }) => {
      expect((await run('chanjing_get_token')).code).toBe(0);
      peer.token = 'somebody-elses';
      expect(await run('create_task', create)).toMatchObject({ code: 0, out: `${TASK_ID}\n` });
      expect(peer.seen(TOKEN)).toHaveLength(2);
    }));
});

type Row = [
  name: string,
  script: string,
  args: string[],
  route: string,
  answer: Answer,
  err: string | RegExp,
];

const task = (status: number, changes: object = {}): Answer => ({
  data: { ...taskOf('http://peer', status, 50), ...changes },
});

const failures: Row[] = [
  [
    'refused',
    'get_upload_url',
    ['--service', 'x', '--name', '1.txt'],
    URL_ROUTE,
    { code: 40000, msg: '参数错误' },
    '参数错误',
  ],
  [
    'no sign_url',
    'upload_file',
    upload,
    URL_ROUTE,
    { data: { file_id: 'a' } },
    '响应缺少 sign_url 或 file_id',
  ],
  ['refused', 'upload_file', upload, URL_ROUTE, { code: 40000, msg: '文件类型不支持' }, '文件类型不支持'],
  ['PUT refused', 'upload_file', upload, PUT, { status: 403, body: '' }, '上传返回状态: 403'],
  [
    'file rejected',
    'upload_file',
    upload,
    FILE,
    { data: { id: FILE_ID, status: 98, msg: '没有人脸' } },
    /^文件未就绪: .*没有人脸/,
  ],
  ['file deleted', 'upload_file', upload, FILE, { data: { id: FILE_ID, status: 99 } }, /^文件未就绪: /],
  [
    'unknown file status',
    'upload_file',
    upload,
    FILE,
    { data: { id: FILE_ID, status: 7 } },
    /^文件未就绪: .*7/,
  ],
  [
    'parameter error',
    'create_task',
    create,
    CREATE,
    { code: 40000, msg: 'speed: 超出范围' },
    'speed: 超出范围',
  ],
  ['no balance', 'create_task', create, CREATE, { code: 50000, msg: '蝉豆不足' }, '蝉豆不足'],
  ['no data', 'create_task', create, CREATE, { data: null }, '响应无 data'],
  [
    'HTTP 404',
    'create_task',
    create,
    CREATE,
    { status: 404, body: 'nothing here' },
    '请求失败: HTTP 404 Not Found',
  ],
  ['failed', 'poll_task', poll, DETAIL, task(30, { msg: '没有人脸' }), '任务失败: 没有人脸'],
  ['no video_url', 'poll_task', poll, DETAIL, task(20, { video_url: '' }), '任务成功但无 video_url'],
  ['unknown status', 'poll_task', poll, DETAIL, task(15), '未知任务状态: 15'],
  ['unknown id', 'poll_task', poll, DETAIL, { code: 40000, msg: 'id: 不存在' }, 'id: 不存在'],
];

describe('the scripts tell failures in the vendor’s words', () => {
  it.concurrent.each(failures)('%s: %s', (_, script, args, route, answer, err) =>
    atSite(async ({ peer, run }) => {
      peer.script(route, answer);
      failsWith(await run(script, args), err);
    }),
  );

  it.concurrent('upload_file: no such file', () =>
    atSite(async ({ peer, run }) => {
      const outcome = await run('upload_file', ['--service', 'lip_sync_video', '--file', '/no/such.mp4']);
      failsWith(outcome, '文件不存在: /no/such.mp4');
      expect(peer.requests).toEqual([]);
    }));

  it.concurrent('upload_file: the storage cannot be reached', () =>
    atSite(async ({ peer, run }) => {
      peer.script(URL_ROUTE, {
        data: {
          sign_url: `${await closedPort()}/x?signature=geheim`,
          mime_type: 'video/mp4',
          file_id: FILE_ID,
        },
      });
      const outcome = await run('upload_file', upload);
      failsWith(outcome, /^上传失败: /);
      expect(outcome.err).not.toContain('geheim');
    }));

  it.concurrent('upload_file: not ready in time', () =>
    atSite(async ({ peer, run }) => {
      peer.script(FILE, () => ({ data: { id: FILE_ID, status: 0 } }));
      failsWith(await run('upload_file', [...upload, '--poll-timeout', '0.3']), /^文件未就绪: /);
    }));

  it.concurrent('create_task: HTTP 500 is repeated with one key, and the last word is told', () =>
    atSite(async ({ peer, run }) => {
      peer.script(CREATE, () => ({ status: 500, body: 'oops' }));
      failsWith(await run('create_task', create), /^创建结果未知: HTTP 500.*create_time >= \d+/s);
      expect(new Set(peer.seen(CREATE).map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    }));

  it.concurrent('create_task: neither text nor audio', () =>
    atSite(async ({ run }) => {
      const asked = '请指定 --text + --audio-man-id（TTS）或 --audio-file-id（音频驱动）';
      failsWith(await run('create_task', ['--video-file-id', 'x', '--text', '只有文字']), asked);
      failsWith(await run('create_task', ['--video-file-id', 'x']), asked);
    }));

  it.concurrent('poll_task: a time-out of its own', () =>
    atSite(async ({ peer, run }) => {
      peer.script(DETAIL, () => task(10));
      failsWith(await run('poll_task', [...poll, '--timeout', '0.3']), /等待超时: /);
    }));

  it.concurrent.each([
    ['get_upload_url', ['--service', 'lip_sync_video']],
    ['upload_file', ['--file', 'x']],
    ['create_task', ['--text', 'x']],
    ['create_task', [...create, '--width', 'broad']],
    ['poll_task', []],
    ['poll_task', ['--id', 'x', '--frequency', '1']],
    ['chanjing_config', []],
  ])('%s: wrong usage %j exits with 2', (script, args) =>
    atSite(async ({ peer, run }) => {
      const outcome = await run(script, args);
      expect(outcome).toMatchObject({ code: 2, out: '' });
      expect(outcome.err).toMatch(/^用法: /);
      expect(peer.requests).toEqual([]);
    }),
  );
});

describe('create_task', () => {
  it.concurrent('sends the defaults of the originals and what was given; audio wins', () =>
    atSite(async ({ peer, run }) => {
      await run('create_task', create);
      await run('create_task', [
        ...create,
        '--audio-file-id',
        'a',
        '--backway=2',
        '--drive-mode',
        'random',
        '--volume',
        '50',
      ]);
      const common = { video_file_id: FILE_ID, screen_width: 1080, screen_height: 1920, model: 0 };
      expect(peer.seen(CREATE).map(({ json }) => json)).toEqual([
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
      expect(peer.seen(CREATE)[0]!.json).toMatchObject({ tts_config: { text: ['好'] } });
    }));
});

describe('poll_task', () => {
  it.concurrent('waits through pending and generating, and downloads when asked', () =>
    atSite(async ({ peer, dir, run }) => {
      peer.script(DETAIL, task(0, { progress: 0 }), task(10));
      const output = join(dir, 'out.mp4');
      const outcome = await run('poll_task', [...poll, '--output', output]);
      expect(outcome).toMatchObject({ code: 0, out: `${peer.url}/result/video.mp4\n` });
      expect(await readFile(output)).toEqual(VIDEO);
    }));
});

describe('chanjing_config', () => {
  it.concurrent('saves keys privately, prints the path, and shows the state without secrets', () =>
    atSite(async ({ dir, run }) => {
      await rm(dir, { recursive: true });
      const path = join(dir, 'credentials.json');
      const saved = await run('chanjing_config', ['--ak', 'app-1234567890', '--sk', 'sehr-geheim']);
      expect(saved).toMatchObject({ code: 0, out: `${path}\n`, err: '' });
      expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
        app_id: 'app-1234567890',
        secret_key: 'sehr-geheim',
      });
      expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
      expect(((await stat(dir)).mode & 0o777).toString(8)).toBe('700');
      const { code, out } = await run('chanjing_config', ['--status']);
      expect(code).toBe(0);
      expect(out).toContain(`凭据文件: ${path}\n`);
      expect(out).toMatch(/AK\/SK: 已配置/);
      expect(out).not.toContain('geheim');
    }));

  it.concurrent('wants both keys', () =>
    atSite(async ({ dir, run }) => {
      await rm(join(dir, 'credentials.json'));
      failsWith(await run('chanjing_config', ['--ak', 'x']), '错误: 必须同时提供 --ak 和 --sk');
      failsWith(await run('chanjing_config', ['--sk', 'x']), '错误: 必须同时提供 --ak 和 --sk');
      await expect(stat(join(dir, 'credentials.json'))).rejects.toThrow('ENOENT');
      expect((await run('chanjing_config', ['--status'])).out).toContain('AK/SK: 未配置');
    }));
});

describe('open_login_page', () => {
  it.concurrent('says what was opened and how to get keys', () =>
    atSite(async ({ dir, run }) => {
      const own = await run('open_login_page');
      expect(own.out).toContain('chanjing-avatar apps create');
      const bin = join(dir, 'bin');
      await mkdir(bin);
      await writeFile(join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" > ${join(dir, 'opened')}\n`, {
        mode: 0o755,
      });
      const environment = { CHANJING_OPENAPI_BASE_URL: '', PATH: `${bin}:${process.env.PATH}` };
      const cloud = await run('open_login_page', [], environment);
      expect(await readFile(join(dir, 'opened'), 'utf8')).toBe('https://www.chanjing.cc/openapi/login\n');
      expect(cloud.code).toBe(0);
      expect(cloud.out).toContain('https://www.chanjing.cc/openapi/login');
      expect(cloud.out).toContain('https://www.chanjing.cc/platform/api_keys');
    }));
});
