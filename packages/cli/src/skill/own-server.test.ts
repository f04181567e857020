import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutClip, type OwnServer, startOwnServer } from '../testing/own-server.test.fixture.js';
import { execute, MAIN, type Outcome } from '../testing/site.test.fixture.js';
import { expectFailure, launcherOf, STACK } from './scripts.test.fixture.js';

// The scripts against our own server, from its first start to its end.

const VOICE = 'C-f2429d07554749839849497589199916';

/** The tests call more often than people do. */
const UNHURRIED = { FILE_CALLS_PER_MINUTE: '1000', CREATES_PER_MINUTE: '1000' };

let home: string;
let server: OwnServer;
let video: string;

const store = (): string => join(home, '.chanjing/credentials.json');
const stored = async (): Promise<Record<string, unknown>> => JSON.parse(await readFile(store(), 'utf8'));

const run = (
  script: string,
  args: string[] = [],
  environment: Record<string, string> = {},
): Promise<Outcome> =>
  execute('python3', ['-B', launcherOf(script), ...args], {
    directory: home,
    environment: { HOME: home, CHANJING_OPENAPI_BASE_URL: server.url, ...environment },
  });

/** The one line that a script prints when all is well. */
const valueFrom = async (script: string, args: string[]): Promise<string> => {
  const { code, out, err } = await run(script, args);
  expect([code, err]).toEqual([0, expect.not.stringMatching(STACK)]);
  expect(out).toMatch(/^[^\n]+\n$/);
  return out.trim();
};

const upload = (file: string, service = 'lip_sync_video'): string[] => [
  ...['--service', service, '--file', file],
  ...['--poll-interval', '0.2'],
];
const create = (...more: string[]): string[] => [
  ...['--video-file-id', video, '--width', '270', '--height', '480'],
  ...(more.includes('--audio-file-id') ? [] : ['--text', '你好。', '--audio-man-id', VOICE]),
  ...more,
];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'own-server-'));
  cutClip(join(home, '我的 视频.mp4'));
  const command = `${process.execPath} ${MAIN} serve --save-credentials`;
  server = await startOwnServer(command, { directory: home, environment: UNHURRIED });
  video = await valueFrom('upload_file', upload('我的 视频.mp4'));
});

afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

describe('the scripts against our own server', () => {
  it('make a video from text', async () => {
    expect((await run('list_voices')).out).toMatch(new RegExp(`^${VOICE} +\\S+$`, 'm'));
    const key = ['--idempotency-key', 'once'];
    const id = await valueFrom('create_task', create(...key));
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await valueFrom('create_task', create(...key))).toBe(id);
    const url = await valueFrom('poll_task', ['--id', id, '--interval', '0.2', '--output', 'out.mp4']);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    const made = await readFile(join(home, 'out.mp4'));
    expect(made.equals(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(true);
    expect(made.subarray(4, 8).toString()).toBe('ftyp');
  });

  it('give an upload URL as it is', async () => {
    const data = JSON.parse(
      await valueFrom('get_upload_url', ['--service', 'lip_sync_audio', '--name', 'a b.mp3']),
    );
    expect(data).toMatchObject({
      sign_url: expect.stringContaining(server.url),
      mime_type: 'audio/mpeg',
      file_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('tell what the server refuses', async () => {
    await writeFile(join(home, 'notes.mp4'), 'These are notes, no video.');
    expectFailure(
      await run('get_upload_url', ['--service', 'lip_sync_video', '--name', 'a.txt']),
      /mp4.*mov.*webm/,
    );
    expectFailure(
      await run('get_upload_url', ['--service', 'films', '--name', 'a.mp4']),
      /service.*lip_sync_video/,
    );
    expectFailure(await run('upload_file', upload('notes.mp4')), /^文件未就绪: (?!File)/);
    expectFailure(await run('create_task', create('--speed', '9')), /speed.*9/);
    expectFailure(await run('create_task', create('--volume', '101')), /volume.*101/);
    expectFailure(await run('create_task', create('--audio-file-id', 'none')), /audio_file_id/);
    expectFailure(await run('poll_task', ['--id', 'f'.repeat(32)]), /id/);
  });

  it('tell why a task failed', async () => {
    const id = await valueFrom('create_task', create());
    await execute(process.execPath, [MAIN, 'cancel', id], {
      directory: home,
      environment: { HOME: home, CHANJING_OPENAPI_BASE_URL: server.url },
    });
    expectFailure(await run('poll_task', ['--id', id, '--interval', '0.2']), /^任务失败: .*cancel/im);
  });

  it('renew a token that expired, or that somebody replaced, and keep it privately', async () => {
    const keys = await stored();
    const first = await valueFrom('chanjing_get_token', []);
    expect(await valueFrom('chanjing_get_token', [])).toBe(first);
    await writeFile(store(), JSON.stringify({ ...(await stored()), expire_in: 1000 }));
    await chmod(store(), 0o644);
    const second = await valueFrom('chanjing_get_token', []);
    expect(second).not.toBe(first);
    const { app_id, secret_key } = keys;
    await fetch(`${server.url}/open/v1/access_token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ app_id, secret_key }),
    });
    expect((await run('list_voices')).code).toBe(0);
    const { access_token } = await stored();
    expect([first, second]).not.toContain(access_token);
    expect(((await stat(store())).mode & 0o777).toString(8)).toBe('600');
  });

  it('tell that keys are wrong, or that none are there', async () => {
    const elsewhere = { CHANJING_OPENAPI_CREDENTIALS_DIR: join(home, 'elsewhere') };
    expectFailure(await run('list_voices', [], elsewhere), /^未配置 AK\/SK。/);
    const { app_id } = await stored();
    await run('chanjing_config', ['--ak', String(app_id), '--sk', 'wrong'], elsewhere);
    const refused = await run('chanjing_get_token', [], elsewhere);
    expectFailure(refused, /^获取 Token 失败 \(code=\d+\): /);
    expect((await run('chanjing_config', ['--status'], elsewhere)).out).toContain('SK (secret_key): 已配置');
  });

  it('write what their manifests declare, and nothing else', async () => {
    const files = await readdir(join(home, '.chanjing'), { recursive: true });
    expect(files).toEqual(['credentials.json']);
    const own = ['.chanjing', 'chanjing-avatar-data', 'elsewhere', 'notes.mp4', 'out.mp4', '我的 视频.mp4'];
    expect((await readdir(home)).sort()).toEqual(own);
  });

  it('tell that it is gone', async () => {
    await server.stop();
    expectFailure(await run('list_voices'), /^请求失败: No connection to .*: ECONNREFUSED/);
  });
});
