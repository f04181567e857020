import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_ID, TASK_ID, taskOf, VIDEO } from '@chanjing-avatar/test-peer';
import { describe, expect, it } from 'vitest';
import {
  type ExecuteOptions,
  MAIN,
  type Outcome,
  type Site,
  atSite as setUp,
} from '../testing/site.test.fixture.js';

const CREATE = 'POST /open/v1/video_lip_sync/create';
const DETAIL = 'GET /open/v1/video_lip_sync/detail';

type CommandSite = Site & { run(args: readonly string[], options?: ExecuteOptions): Promise<Outcome> };

const atSite = (work: (site: CommandSite) => Promise<void>): Promise<void> =>
  setUp((site) => {
    const run: CommandSite['run'] = (args, options) =>
      site.execute(process.execPath, [MAIN, ...args], options);
    return work({ ...site, run });
  });

describe('run', () => {
  it.concurrent('makes the video, chooses a voice of the text’s language, and prints the path alone', () =>
    atSite(async ({ peer, home, run }) => {
      const args = ['run', '--video', 'me.mp4', '--text', '你好', '-o', 'new/out.mp4', '--cover', 'out.jpg'];
      const { code, out, err } = await run([...args, '--model', '1']);
      expect([code, out]).toEqual([0, 'new/out.mp4\n']);
      expect(await readFile(join(home, 'new/out.mp4'))).toEqual(VIDEO);
      expect(await readFile(join(home, 'out.jpg'), 'utf8')).toBe('cover');
      expect(err).toMatch(/^Voice: 声音 1 \(C-1\)$/m);
      expect(err).toMatch(/^download 100%$/m);
      expect(peer.seen(CREATE)[0]!.json).toEqual({
        video_file_id: FILE_ID,
        model: 1,
        tts_config: { text: '你好', audio_man_id: 'C-1' },
      });
    }));

  it.concurrent('takes a recording, and tells all as JSON lines', () =>
    atSite(async ({ run }) => {
      const { out, err } = await run([
        'run',
        '--video=me.mp4',
        '--audio=speech.mp3',
        '-o',
        'a.mp4',
        '--json',
      ]);
      expect(JSON.parse(out)).toMatchObject({ output: 'a.mp4', id: TASK_ID, status: 20 });
      const events = err
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(events).toContainEqual({ id: TASK_ID });
      expect(events.at(-1)).toEqual({ stage: 'download', percent: 100 });
    }));

  it.concurrent('stops on Ctrl-C, cancels at the server, and leaves no part file', () =>
    atSite(async ({ peer, home, run }) => {
      peer.script(DETAIL, () => ({ data: taskOf(peer.url, 10, 40) }));
      const args = ['run', '--video', 'me.mp4', '--text', 'hi', '--voice', 'C-1', '-o', 'out.mp4'];
      const outcome = await run(args, { interruptWhen: /generate/ });
      expect(outcome).toMatchObject({ code: 130, out: '' });
      expect(peer.seen('POST /open/v1/video_lip_sync/cancel')).toHaveLength(1);
      expect((await readdir(home)).sort()).toEqual(['credentials', 'me.mp4', 'speech.mp3', '我的 视频.mp4']);
    }));
});

describe('exit codes', () => {
  it.concurrent.each<[number, string, string[], RegExp]>([
    [2, 'an unknown option', ['create', '--colour', 'red'], /--colour/],
    [2, 'a missing option', ['run', '--text', 'x'], /--video is required/],
    [2, 'no speech', ['run', '--video', 'me.mp4', '-o', 'x.mp4'], /--text or --audio/],
    [2, 'a word too few', ['get'], /Expected <id>/],
    [2, 'not a number', ['list', '--page', 'two'], /--page: received "two"/],
    [1, 'a missing file', ['upload', 'none.mp4'], /No such file: none\.mp4/],
  ])('%i for %s', (code, _, args, err) =>
    atSite(async ({ peer, run }) => {
      const outcome = await run(args);
      expect(outcome).toMatchObject({ code, out: '' });
      expect(outcome.err).toMatch(err);
      expect(peer.requests).toEqual([]);
    }),
  );

  it.concurrent('4 without keys and with refused ones', () =>
    atSite(async ({ credentials, peer, run }) => {
      peer.script('POST /open/v1/access_token', { code: 40000, msg: 'wrong pair' });
      expect(await run(['token'])).toMatchObject({
        code: 4,
        out: '',
        err: expect.stringMatching(/wrong pair/),
      });
      await rm(join(credentials, 'credentials.json'));
      expect(await run(['list'])).toMatchObject({
        code: 4,
        err: expect.stringMatching(/chanjing-avatar login/),
      });
      expect((await run(['status'])).code).toBe(4);
    }));

  it.concurrent('8 while a task is not done, 0 and 1 when it is', () =>
    atSite(async ({ peer, run }) => {
      peer.script(DETAIL, { data: taskOf(peer.url, 10, 40) });
      expect(await run(['poll', TASK_ID, '--timeout', '0'])).toMatchObject({ code: 8, out: '' });
      expect(await run(['poll', TASK_ID])).toMatchObject({ code: 0, out: `${peer.url}/result/video.mp4\n` });
      peer.script(DETAIL, { data: taskOf(peer.url, 30, 40, 'no face') });
      expect(await run(['poll', TASK_ID])).toMatchObject({ code: 1, err: expect.stringMatching(/no face/) });
    }));
});

describe('keys', () => {
  it.concurrent('are taken from standard input, tried, saved privately, and forgotten again', () =>
    atSite(async ({ credentials, peer, run }) => {
      const path = join(credentials, 'credentials.json');
      await rm(path);
      const wrong = await run(['login'], { input: 'app-1\nwrong\n' });
      expect(wrong.code).toBe(4);
      await expect(stat(path)).rejects.toThrow('ENOENT');
      const input = JSON.stringify({ app_id: peer.keys.appId, secret_key: peer.keys.secretKey });
      const login = await run(['login'], { input });
      expect(login).toMatchObject({ code: 0, out: `${path}\n` });
      expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
      expect(login.err + wrong.err).not.toContain(peer.keys.secretKey);
      expect(await run(['token'])).toMatchObject({ code: 0, out: `${peer.token}\n` });
      const status = await run(['status', '--json']);
      expect(JSON.parse(status.out)).toMatchObject({ base_url: peer.url, source: 'credentials file' });
      expect(status.out).not.toContain(peer.keys.secretKey);
      expect((await run(['logout'])).code).toBe(0);
      expect(await readFile(path, 'utf8')).toBe('{}\n');
    }));

  it.concurrent('are taken from the environment', () =>
    atSite(async ({ credentials, peer, run }) => {
      await rm(join(credentials, 'credentials.json'));
      const environment = { CHANJING_APP_ID: peer.keys.appId, CHANJING_SECRET_KEY: peer.keys.secretKey };
      expect(await run(['token'], { environment })).toMatchObject({ code: 0, out: `${peer.token}\n` });
    }));
});

describe('the other commands', () => {
  it.concurrent('upload, create and download print one value', () =>
    atSite(async ({ home, run }) => {
      expect(await run(['upload', 'me.mp4', '-q'])).toEqual({ code: 0, out: `${FILE_ID}\n`, err: '' });
      const create = ['create', '--video-file-id', FILE_ID, '--audio-file-id', 'a'];
      expect(await run(create)).toEqual({ code: 0, out: `${TASK_ID}\n`, err: '' });
      expect(await run(['download', TASK_ID, '-q'])).toEqual({ code: 0, out: `${TASK_ID}.mp4\n`, err: '' });
      expect(await readFile(join(home, `${TASK_ID}.mp4`))).toEqual(VIDEO);
    }));

  it.concurrent('list all, get and cancel print JSON where no terminal is', () =>
    atSite(async ({ run }) => {
      expect(JSON.parse((await run(['list', '--all'])).out)).toHaveLength(23);
      expect(JSON.parse((await run(['get', TASK_ID])).out)).toMatchObject({ id: TASK_ID, status: 20 });
      expect(JSON.parse((await run(['cancel', TASK_ID])).out)).toMatchObject({ status: 30 });
    }));

  it.concurrent('voices --server lists those of the server', () =>
    atSite(async ({ run }) => {
      expect(JSON.parse((await run(['voices', '--server', '--lang', 'zh'])).out)).toHaveLength(3);
      expect((await run(['voices', '--server', '--lang', 'en'])).out).toBe('[]\n');
    }));

  it.concurrent('speak downloads the speech', () =>
    atSite(async ({ peer, home, run }) => {
      expect(await run(['speak', '你好', '--voice', 'C-1'])).toMatchObject({
        out: `${peer.url}/result/video.mp4\n`,
      });
      expect(await run(['speak', '你好', '--voice', 'C-1', '-o', 'a.wav'])).toMatchObject({ out: 'a.wav\n' });
      expect(await readFile(join(home, 'a.wav'))).toEqual(VIDEO);
    }));

  it.concurrent('speak Chinese in a Chinese locale', () =>
    atSite(async ({ peer, run }) => {
      peer.script(DETAIL, { code: 40000, msg: '任务不存在' });
      const { err } = await run(['get', 'x'], { environment: { LANG: 'zh_CN.UTF-8' } });
      expect(err).toMatch(/^错误: 任务不存在 \(code 40000, trace_id [0-9a-f]{32}\)\n请按提示修改参数。$/m);
    }));

  it.concurrent('doctor finds what is wrong', () =>
    atSite(async ({ peer, run }) => {
      const found = JSON.parse((await run(['doctor', '--json'])).out) as { check: string; ok: boolean }[];
      const state = Object.fromEntries(found.map(({ check, ok }) => [check, ok]));
      expect(state).toMatchObject({ 'Node.js': true, credentials: true, server: true, clock: true });
      peer.script('POST /open/v1/access_token', { code: 40000, msg: 'wrong pair' });
      peer.token = undefined;
      const { code, out } = await run(['doctor'], {
        environment: { CHANJING_APP_ID: 'a', CHANJING_SECRET_KEY: 'b' },
      });
      expect(code).toBe(1);
      expect(out).toMatch(/^✗ server: wrong pair/m);
    }));

  it.concurrent('explain themselves, and complete in shells', () =>
    atSite(async ({ run }) => {
      expect((await run(['create', '--help'])).out).toMatch(/--video-file-id <ID> {2}/);
      const bash = (await run(['completion', 'bash'])).out;
      expect(bash).toMatch(/download\) local options="--output --cover --quiet"/);
      expect(bash).toContain('complete -o filenames -F _chanjing_avatar chanjing-avatar');
      expect((await run(['completion', 'tcsh'])).code).toBe(2);
    }));
});
