import { join } from 'node:path';
import type { Answer } from '@chanjing-avatar/test-peer';
import { FILE_ID, taskOf } from '@chanjing-avatar/test-peer';
import { describe, expect, it } from 'vitest';
import { closedPort, FAST_CLOCK } from '../testing/site.test.fixture.js';
import { atSite, CREATE, expectFailure, POLL, ROUTES, UPLOAD } from './scripts.test.fixture.js';

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
    ROUTES.uploadUrl,
    { code: 40000, msg: '参数错误' },
    '参数错误',
  ],
  [
    'no sign_url',
    'upload_file',
    UPLOAD,
    ROUTES.uploadUrl,
    { data: { file_id: 'a' } },
    '响应缺少 sign_url 或 file_id',
  ],
  [
    'refused',
    'upload_file',
    UPLOAD,
    ROUTES.uploadUrl,
    { code: 40000, msg: '文件类型不支持' },
    '文件类型不支持',
  ],
  [
    'PUT refused',
    'upload_file',
    UPLOAD,
    ROUTES.put,
    { status: 403, body: '<Error><Message>Expired</Message></Error>' },
    '上传失败: HTTP Error 403: Forbidden (Expired)',
  ],
  [
    'file rejected',
    'upload_file',
    UPLOAD,
    ROUTES.file,
    { data: { id: FILE_ID, status: 98, msg: '没有人脸' } },
    /^文件未就绪: .*没有人脸/,
  ],
  [
    'file deleted',
    'upload_file',
    UPLOAD,
    ROUTES.file,
    { data: { id: FILE_ID, status: 99 } },
    /^文件未就绪: /,
  ],
  [
    'unknown file status',
    'upload_file',
    UPLOAD,
    ROUTES.file,
    { data: { id: FILE_ID, status: 7 } },
    /^文件未就绪: .*7/,
  ],
  [
    'parameter error',
    'create_task',
    CREATE,
    ROUTES.create,
    { code: 40000, msg: 'speed: 超出范围' },
    'speed: 超出范围',
  ],
  ['no balance', 'create_task', CREATE, ROUTES.create, { code: 50000, msg: '蝉豆不足' }, '蝉豆不足'],
  ['no data', 'create_task', CREATE, ROUTES.create, { data: null }, '响应无 data'],
  [
    'HTTP 404',
    'create_task',
    CREATE,
    ROUTES.create,
    { status: 404, body: 'nothing here' },
    '请求失败: HTTP Error 404: Not Found',
  ],
  ['failed', 'poll_task', POLL, ROUTES.detail, task(30, { msg: '没有人脸' }), '任务失败: 没有人脸'],
  ['no video_url', 'poll_task', POLL, ROUTES.detail, task(20, { video_url: '' }), '任务成功但无 video_url'],
  ['unknown status', 'poll_task', POLL, ROUTES.detail, task(15), '未知任务状态: 15'],
  ['no data', 'poll_task', POLL, ROUTES.detail, { data: null }, '请求失败: The reply has no data'],
  ['unknown id', 'poll_task', POLL, ROUTES.detail, { code: 40000, msg: 'id: 不存在' }, 'id: 不存在'],
];

describe('the scripts tell failures in the vendor’s words', () => {
  it.concurrent.each(failures)('%s: %s', (_, script, args, route, answer, err) =>
    atSite(async ({ peer, run }) => {
      peer.script(route, answer);
      expectFailure(await run(script, args), err);
    }),
  );

  it.concurrent('upload_file: no such file', () =>
    atSite(async ({ peer, run }) => {
      const outcome = await run('upload_file', ['--service', 'lip_sync_video', '--file', '/no/such.mp4']);
      expectFailure(outcome, '文件不存在: /no/such.mp4');
      expect(peer.requests).toEqual([]);
    }));

  it.concurrent('upload_file: the storage cannot be reached', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.uploadUrl, {
        data: {
          sign_url: `${await closedPort()}/x?signature=geheim`,
          mime_type: 'video/mp4',
          file_id: FILE_ID,
        },
      });
      const outcome = await run('upload_file', UPLOAD);
      expectFailure(outcome, /^上传失败: /);
      expect(outcome.err).not.toContain('geheim');
    }));

  it.concurrent('upload_file: not ready in time', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.file, () => ({ data: { id: FILE_ID, status: 0 } }));
      expectFailure(await run('upload_file', [...UPLOAD, '--poll-timeout', '0.3']), /^文件未就绪: /);
    }));

  it.concurrent('upload_file: a storage that does not take the bytes', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.put, 'hang', 'hang', 'hang');
      expectFailure(await run('upload_file', UPLOAD, FAST_CLOCK), /^上传失败: .* did not move for 60 s/);
    }));

  it.concurrent('poll_task: a server that falls silent while the task runs', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.detail, task(10), 'hang', 'hang', 'hang');
      expectFailure(await run('poll_task', [...POLL, '--timeout', '1']), /^等待超时: /m);
    }));

  it.concurrent('poll_task: a file that cannot be written, found out before anything is asked', () =>
    atSite(async ({ peer, credentials, run }) => {
      expectFailure(await run('poll_task', [...POLL, '--output', credentials]), /是目录/);
      const below = join(credentials, 'credentials.json', 'out.mp4');
      expectFailure(await run('poll_task', [...POLL, '--output', below]), /^无法写入 /);
      expect(peer.requests).toEqual([]);
    }));

  it.concurrent('create_task: HTTP 500 is repeated with one key, and the last word is told', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.create, () => ({ status: 500, body: 'oops' }));
      expectFailure(await run('create_task', CREATE), /^创建结果未知: HTTP 500.*create_time >= \d+/s);
      expect(new Set(peer.seen(ROUTES.create).map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    }));

  it.concurrent('create_task: neither text nor audio', () =>
    atSite(async ({ run }) => {
      const asked = '请指定 --text + --audio-man-id（TTS）或 --audio-file-id（音频驱动）';
      expectFailure(await run('create_task', ['--video-file-id', 'x', '--text', '只有文字']), asked);
      expectFailure(await run('create_task', ['--video-file-id', 'x']), asked);
    }));

  it.concurrent('poll_task: a time-out of its own', () =>
    atSite(async ({ peer, run }) => {
      peer.script(ROUTES.detail, () => task(10));
      expectFailure(await run('poll_task', [...POLL, '--timeout', '0.3']), /等待超时: /);
    }));

  it.concurrent.each([
    ['get_upload_url', ['--service', 'lip_sync_video']],
    ['upload_file', ['--file', 'x']],
    ['create_task', ['--text', 'x']],
    ['create_task', [...CREATE, '--width', 'broad']],
    ['poll_task', []],
    ['poll_task', ['--id', 'x', '--frequency', '1']],
    ['poll_task', ['--id', 'x', '--interval', '-']],
    ['upload_file', [...UPLOAD, '--poll-interval', '1e9']],
    ['create_task', [...CREATE, '--drive-mode', 'sideways']],
  ])('%s: wrong usage %j exits with 2', (script, args) =>
    atSite(async ({ peer, run }) => {
      const outcome = await run(script, args);
      expect(outcome).toMatchObject({ code: 2, out: '' });
      expect(outcome.err).toMatch(/^usage: /);
      expect(peer.requests).toEqual([]);
    }),
  );
});
