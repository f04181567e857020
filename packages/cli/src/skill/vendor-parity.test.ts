import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '@chanjing-avatar/test-peer';
import { FILE_ID, TASK_ID, taskOf } from '@chanjing-avatar/test-peer';
import { describe, expect, it } from 'vitest';
import { atSite, CREATE, expectFailure, POLL, ROUTES, UPLOAD } from './scripts.test.fixture.js';

// What the vendor's own scripts print and how they end, measured beside ours. Deliberate differences: skills/README.md.

/** An envelope that lacks whatever is not in it. */
const bare = (envelope: object): Answer => ({ status: 200, body: JSON.stringify(envelope) });
const task = (status: unknown, changes: object = {}): Answer => ({
  data: { ...taskOf('http://peer', 0, 50), status, ...changes },
});
const file = (status: unknown, changes: object = {}): Answer => ({
  data: { id: FILE_ID, status, ...changes },
});

const AT_ONCE = ['--service', 'lip_sync_video', '--file', 'me.mp4', '--poll-interval', '0'];
const SHORT = [...AT_ONCE, '--poll-timeout', '1'];

type Row = [name: string, script: string, args: string[], route: string, answers: Answer, err: string];

const said: Row[] = [
  ['rejected', 'upload_file', AT_ONCE, ROUTES.file, file(98, { msg: '没有人脸' }), '文件未就绪: 没有人脸'],
  ['rejected without words', 'upload_file', AT_ONCE, ROUTES.file, file(98), '文件未就绪: file status=98'],
  ['deleted', 'upload_file', AT_ONCE, ROUTES.file, file(99, { msg: null }), '文件未就绪: file status=99'],
  ['purged', 'upload_file', AT_ONCE, ROUTES.file, file(100, { msg: '' }), '文件未就绪: file status=100'],
  ['unknown status', 'upload_file', AT_ONCE, ROUTES.file, file(3), '文件未就绪: file status=3'],
  ['status as text', 'upload_file', AT_ONCE, ROUTES.file, file('2'), '文件未就绪: file status=2'],
  [
    'file refused',
    'upload_file',
    AT_ONCE,
    ROUTES.file,
    { code: 40000, msg: '无此文件' },
    '文件未就绪: 无此文件',
  ],
  ['no words', 'upload_file', AT_ONCE, ROUTES.file, bare({ code: 40000 }), '文件未就绪: file_detail failed'],
  [
    'file data null',
    'upload_file',
    AT_ONCE,
    ROUTES.file,
    bare({ code: 0, data: null }),
    '文件未就绪: no data',
  ],
  ['no file data', 'upload_file', AT_ONCE, ROUTES.file, bare({ code: 0 }), '文件未就绪: no data'],
  ['not ready in time', 'upload_file', SHORT, ROUTES.file, file(0), '文件未就绪: poll timeout'],
  ['status null', 'upload_file', SHORT, ROUTES.file, file(null), '文件未就绪: poll timeout'],
  ['no status', 'upload_file', SHORT, ROUTES.file, file(undefined), '文件未就绪: poll timeout'],
  ['empty file data', 'upload_file', SHORT, ROUTES.file, { data: {} }, '文件未就绪: poll timeout'],
  ['PUT 201', 'upload_file', AT_ONCE, ROUTES.put, { status: 201, body: '' }, '上传返回状态: 201'],
  [
    'PUT 403',
    'upload_file',
    AT_ONCE,
    ROUTES.put,
    { status: 403, body: '' },
    '上传失败: HTTP Error 403: Forbidden',
  ],
  ['no link', 'upload_file', AT_ONCE, ROUTES.uploadUrl, { data: {} }, '响应缺少 sign_url 或 file_id'],
  [
    'no file_id',
    'upload_file',
    AT_ONCE,
    ROUTES.uploadUrl,
    { data: { sign_url: 'http://x/' } },
    '响应缺少 sign_url 或 file_id',
  ],
  [
    'no link data',
    'upload_file',
    AT_ONCE,
    ROUTES.uploadUrl,
    bare({ code: 0 }),
    '响应缺少 sign_url 或 file_id',
  ],
  [
    'no link data',
    'get_upload_url',
    ['--service', 'a', '--name', 'b'],
    ROUTES.uploadUrl,
    bare({ code: 0 }),
    '响应缺少 sign_url 或 file_id',
  ],
  ['id 0', 'create_task', CREATE, ROUTES.create, { data: 0 }, '响应无 data'],
  ['an object', 'create_task', CREATE, ROUTES.create, { data: {} }, '响应无 data'],
  ['no data', 'create_task', CREATE, ROUTES.create, bare({ code: 0 }), '响应无 data'],
  ['no words', 'create_task', CREATE, ROUTES.create, bare({ code: 40000 }), 'code 40000'],
  ['words null', 'create_task', CREATE, ROUTES.create, bare({ code: 40000, msg: null }), 'code 40000'],
  [
    'failed without words',
    'poll_task',
    POLL,
    ROUTES.detail,
    task(30, { msg: undefined }),
    '任务失败: unknown',
  ],
  ['failed, words null', 'poll_task', POLL, ROUTES.detail, task(30, { msg: null }), '任务失败: unknown'],
  [
    'no video_url',
    'poll_task',
    POLL,
    ROUTES.detail,
    task(20, { video_url: undefined }),
    '任务成功但无 video_url',
  ],
  [
    'video_url null',
    'poll_task',
    POLL,
    ROUTES.detail,
    task(20, { video_url: null }),
    '任务成功但无 video_url',
  ],
  [
    'keys refused',
    'create_task',
    CREATE,
    ROUTES.token,
    { code: 40000, msg: 'AK 或 SK 错误' },
    'AK 或 SK 错误',
  ],
  ['keys refused, no words', 'create_task', CREATE, ROUTES.token, bare({ code: 40000 }), '获取 Token 失败'],
  ['no token', 'create_task', CREATE, ROUTES.token, { data: {} }, 'API 返回无 access_token'],
  [
    'no words',
    'chanjing_get_token',
    [],
    ROUTES.token,
    bare({ code: 40000 }),
    '获取 Token 失败 (code=40000): 未知错误',
  ],
  ['no token', 'chanjing_get_token', [], ROUTES.token, { data: {} }, 'API 返回无 access_token'],
  [
    'HTTP 403',
    'chanjing_get_token',
    [],
    ROUTES.token,
    { status: 403, body: '' },
    '请求 Token 失败: HTTP Error 403: Forbidden',
  ],
];

describe('missing and strange fields of replies are told in the vendor’s words', () => {
  it.concurrent.each(said)('%s: %s %j', (_, script, args, route, answer, err) =>
    atSite(async ({ peer, run }) => {
      peer.script(route, () => answer);
      const outcome = await run(script, args);
      expect(outcome).toEqual({ code: 1, out: '', err: `${err}\n` });
      expect(outcome.err).not.toMatch(/undefined|null|NaN/);
    }),
  );

  it.concurrent('a status of null, or none, is waited out', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.file, file(null), { data: {} }, file(0), file(1));
      expect(await run('upload_file', AT_ONCE)).toEqual({ code: 0, out: `${FILE_ID}\n`, err: '' });
      expect(peer.seen(ROUTES.file)).toHaveLength(4);
      peer.script(ROUTES.detail, task(null), { data: {} }, task(10, { progress: undefined }));
      const polled = await run('poll_task', ['--id', TASK_ID, '--interval', '0']);
      expect(polled).toEqual({ code: 0, out: `${peer.url}/result/video.mp4\n`, err: '' });
    }));

  it.concurrent('an upload URL without mime_type sends bytes of any kind', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.uploadUrl, { data: { sign_url: `${peer.url}/upload`, file_id: FILE_ID } });
      expect(await run('upload_file', AT_ONCE)).toMatchObject({ code: 0 });
      expect(peer.seen(ROUTES.put)[0]!.headers['content-type']).toBe('application/octet-stream');
    }));

  it.concurrent('list_voices without a list', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.voices, { data: {} });
      const { code, out, err } = await run('list_voices');
      expect([code, out.split('\n')[0], err]).toEqual([0, '# 共 0 个声音 (page=1)', '']);
    }));
});

/** Arguments that succeed. */
const accepted: [script: string, args: string[]][] = [
  ['upload_file', AT_ONCE],
  ['upload_file', ['--se', 'lip_sync_video', '--f', 'me.mp4', '--poll-i', '0', '--poll-t=5']],
  ['upload_file', [...AT_ONCE, '--poll-timeout', '1000000']],
  ['upload_file', [...AT_ONCE, '--poll-timeout', ' +1_0 '.replace('_', '')]],
  ['upload_file', ['--service=a', '--file=me.mp4', '--poll-interval=0.05']],
  ['get_upload_url', ['--s', 'lip_sync_video', '--n', '1.mp4']],
  ['poll_task', ['--id', TASK_ID, '--interval', '0']],
  ['poll_task', ['--id', TASK_ID, '--int', '1']],
  ['poll_task', [`--id=${TASK_ID}`, '--interval=0', '--o', 'out.mp4', '--t', '9']],
  [
    'create_task',
    [...CREATE, '--width', '0', '--height', '0', '--model', '0', '--speed', '0', '--pitch', '0'],
  ],
  [
    'create_task',
    [...CREATE, '--width', '1_080', '--height', ' 10 ', '--model', '+1', '--speed', '.5', '--pitch', '1e0'],
  ],
  [
    'create_task',
    [
      '--v',
      'v',
      '--te',
      'x',
      '--audio-m',
      'C',
      '--w',
      '100',
      '--hei',
      '200',
      '--c',
      'http://x',
      '--m',
      '1',
      '--s',
      '2',
      '--p',
      '2',
    ],
  ],
  [
    'create_task',
    [
      '--v',
      'v',
      '--text',
      '-5',
      '--audio-man',
      'C',
      '--vo',
      '50',
      '--tr',
      'x',
      '--idem',
      'k',
      '--backway',
      '2',
    ],
  ],
  ['create_task', ['--v', 'v', '--text', '-x y', '--audio-man', 'C']],
  ['create_task', ['--video-file-id', '', '--audio-file-id', 'a', '--callback', '']],
  ['chanjing_get_token', ['--whatever', 'x']],
  ['list_voices', ['--si', '2', '--p', '2', '--j']],
];

/** Arguments that are wrong, and the last line about them. */
const refused: [script: string, args: string[], line: string][] = [
  ['get_upload_url', [], 'the following arguments are required: --service, --name'],
  ['get_upload_url', ['--service', 'a'], 'the following arguments are required: --name'],
  ['upload_file', ['--service', '--file', 'x'], 'argument --service: expected one argument'],
  [
    'upload_file',
    ['--s', 'a', '--f', 'me.mp4', '--poll', '0'],
    'ambiguous option: --poll could match --poll-interval, --poll-timeout',
  ],
  [
    'upload_file',
    ['--s', 'a', '--f', 'me.mp4', '--poll=0'],
    'ambiguous option: --poll=0 could match --poll-interval, --poll-timeout',
  ],
  [
    'upload_file',
    [...UPLOAD, '--poll-interval', 'abc'],
    "argument --poll-interval: invalid int value: 'abc'",
  ],
  [
    'upload_file',
    [...UPLOAD, '--poll-interval', '1e9'],
    "argument --poll-interval: invalid int value: '1e9'",
  ],
  ['upload_file', [...UPLOAD, '--poll-timeout', ''], "argument --poll-timeout: invalid int value: ''"],
  ['upload_file', [...UPLOAD, 'extra'], 'unrecognized arguments: extra'],
  ['upload_file', [...UPLOAD, '--bogus=1', 'x'], 'unrecognized arguments: --bogus=1 x'],
  ['upload_file', [...UPLOAD, '--', 'z'], 'unrecognized arguments: -- z'],
  ['poll_task', [], 'the following arguments are required: --id'],
  ['poll_task', ['--i', 'x'], 'ambiguous option: --i could match --id, --interval'],
  [
    'create_task',
    ['--v', 'v', '--audio', 'x'],
    'ambiguous option: --audio could match --audio-man-id, --audio-file-id',
  ],
  ['create_task', ['--v', 'v', '--h', '3'], 'ambiguous option: --h could match --help, --height'],
  ['create_task', [...CREATE, '--width', '10.5'], "argument --width: invalid int value: '10.5'"],
  ['create_task', [...CREATE, '--model', '0x1'], "argument --model: invalid int value: '0x1'"],
  ['create_task', [...CREATE, '--speed', 'abc'], "argument --speed: invalid float value: 'abc'"],
  ['create_task', [...CREATE, '--callback'], 'argument --callback: expected one argument'],
  ['chanjing_config', ['--s'], 'ambiguous option: --s could match --sk, --status'],
  ['chanjing_config', ['--ak'], 'argument --ak: expected one argument'],
  ['chanjing_config', ['--status=1'], "argument --status/-s: ignored explicit argument '1'"],
  ['list_voices', ['--page', 'x'], "argument --page: invalid int value: 'x'"],
];

describe('arguments are read as Python’s argparse reads them', () => {
  it.concurrent.each(accepted)('%s %j', (script, args) =>
    atSite(async ({ run }) => {
      const { code, err } = await run(script, args);
      expect([code, err]).toEqual([0, '']);
    }),
  );

  it.concurrent.each(refused)('%s %j is refused', (script, args, line) =>
    atSite(async ({ peer, run }) => {
      const { code, out, err } = await run(script, args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(new RegExp(`^usage: ${script}\\.py \\[-h\\]`));
      expect(err.trimEnd().split('\n').at(-1)).toBe(`${script}.py: error: ${line}`);
      expect(peer.requests).toEqual([]);
    }),
  );

  it.concurrent.each([[['-h']], [['--help']], [['--he']], [['--bogus', '-h']]])('upload_file %j', (args) =>
    atSite(async ({ run }) => {
      const { code, out, err } = await run('upload_file', args);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/^usage: upload_file\.py \[-h\] --service SERVICE --file FILE\n/);
    }),
  );

  it.concurrent('0 is a time like any other', () =>
    atSite(async ({ run }) => {
      for (const none of ['0', '-1'])
        expectFailure(
          await run('upload_file', [...AT_ONCE, '--poll-timeout', none]),
          '文件未就绪: poll timeout',
        );
    }));
});

describe('chanjing_config', () => {
  it.concurrent.each([[['--status']], [['-s']], [['--st']], [[]], [['--ak', '']]])(
    '%j shows the status',
    (args) =>
      atSite(async ({ credentials, run }) => {
        const path = join(credentials, 'credentials.json');
        const keys = `配置路径: ${path}\nAK (app_id): 已配置\nSK (secret_key): 已配置\n`;
        const token = 'Token: 未获取，下次调用 API 时将自动申请\n';
        expect(await run('chanjing_config', args)).toMatchObject({ code: 0, out: keys + token });
        await writeFile(path, '{}');
        const { code, out } = await run('chanjing_config', args);
        expect([code, out.split('\n').slice(1, 3)]).toEqual([
          1,
          ['AK (app_id): 未配置', 'SK (secret_key): 未配置'],
        ]);
      }),
  );

  it.concurrent.each([
    { app_id: '  ', secret_key: 'x' },
    { app_id: 'x', secret_key: '\t' },
    { app_id: '', secret_key: '' },
    { app_id: null, secret_key: null },
    { app_id: 1, secret_key: 2 },
    {},
  ])('%j is not configured', (keys) =>
    atSite(async ({ peer, credentials, run }) => {
      await writeFile(join(credentials, 'credentials.json'), JSON.stringify(keys));
      expect((await run('chanjing_config', ['--status'])).code).toBe(1);
      expectFailure(await run('chanjing_get_token'), /^未配置 AK\/SK。/);
      expectFailure(await run('create_task', CREATE), /^未配置 AK\/SK。/);
      expect(peer.requests).toEqual([]);
    }),
  );

  it.concurrent('space around keys is not part of them, and the token is kept as ever', () =>
    atSite(async ({ peer, credentials, run }) => {
      const path = join(credentials, 'credentials.json');
      const { appId, secretKey } = peer.keys;
      await writeFile(path, JSON.stringify({ app_id: ` ${appId}`, secret_key: `${secretKey}\n` }));
      expect(await run('chanjing_get_token')).toMatchObject({ code: 0 });
      expect(await run('create_task', CREATE)).toMatchObject({ code: 0 });
      expect(peer.seen(ROUTES.token)).toHaveLength(1);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ access_token: peer.token });
    }));
});

describe('upload_file', () => {
  it.concurrent.each([
    ['./no//such.mp4', '文件不存在: no/such.mp4'],
    ['.', '文件不存在: .'],
    ['', '文件不存在: .'],
  ])('%j: told before keys are looked for', (path, line) =>
    atSite(async ({ credentials, run }) => {
      await writeFile(join(credentials, 'credentials.json'), '{}');
      expectFailure(await run('upload_file', ['--service', 'a', '--file', path]), line);
    }),
  );
});
