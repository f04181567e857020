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

const eventsIn = (err: string): Record<string, unknown>[] =>
  err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** A command as a word for a shell. */
const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs a command on a terminal, types each answer when its prompt is there, and ends as the command does. */
const TYPE_ON_TERMINAL = `
import json, os, pty, sys
answers, command = map(json.loads, sys.argv[1:])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown = b""
while True:
    try:
        shown += os.read(terminal, 4096)
    except OSError:
        break
    if answers and answers[0][0].encode() in shown:
        os.write(terminal, answers.pop(0)[1].encode())
sys.stdout.write(shown.decode())
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

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
      const speech = ['--audio=speech.mp3'];
      const { out, err } = await run(['run', '--video=me.mp4', ...speech, '-o', 'a.mp4', '--json']);
      expect(JSON.parse(out)).toMatchObject({ output: 'a.mp4', id: TASK_ID, status: 20 });
      const events = eventsIn(err);
      expect(events).toContainEqual({ event: 'created', id: TASK_ID });
      expect(events.at(-1)).toEqual({ event: 'progress', stage: 'download', percent: 100 });
    }));

  it.concurrent('tells notices and failures as JSON lines too', () =>
    atSite(async ({ peer, run }) => {
      peer.script(DETAIL, { data: taskOf(peer.url, 30, 40, 'no face') });
      const args = ['run', '--video', 'me.mp4', '--text', 'hi 👍', '-o', 'a.mp4', '--json'];
      const { code, out, err } = await run(args);
      expect([code, out]).toEqual([1, '']);
      const events = eventsIn(err);
      expect(events.filter(({ event }) => event === 'notice')).toHaveLength(2);
      const message = expect.stringContaining('no face');
      expect(events.at(-1)).toMatchObject({ event: 'error', code: 'task-failed', message });
    }));

  it.concurrent('says nothing with --quiet but why it failed', () =>
    atSite(async ({ peer, run }) => {
      const args = ['run', '--video', 'me.mp4', '--text', 'hi 👍', '-qo', 'a.mp4'];
      expect(await run(args)).toEqual({ code: 0, out: 'a.mp4\n', err: '' });
      peer.script(DETAIL, { data: taskOf(peer.url, 30, 40, 'no face') });
      expect((await run(args)).err).toMatch(/^Error: no face .*\n$/);
    }));

  it.concurrent('finds out about an impossible output before anything is sent', () =>
    atSite(async ({ peer, run }) => {
      const make = ['run', '--video', 'me.mp4', '--audio', 'speech.mp3', '-o'];
      for (const args of [
        [...make, 'credentials'],
        [...make, 'me.mp4/out.mp4'],
        [...make, 'out.mp4', '--cover', 'credentials'],
        ['speak', 'hi', '-o', 'credentials'],
        ['download', TASK_ID, '-o', 'credentials'],
      ]) {
        expect(await run(args)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^Error: /) });
      }
      expect(peer.requests).toEqual([]);
    }));

  it.concurrent('tells that the outcome is unknown when Ctrl-C comes while the task is created', () =>
    atSite(async ({ peer, run }) => {
      const sent = new Promise<void>((resolve) => {
        peer.script(CREATE, () => {
          resolve();
          return 'hang';
        });
      });
      const args = ['run', '--video', 'me.mp4', '--audio', 'speech.mp3', '-o', 'a.mp4'];
      const outcome = await run(args, { interruptAfter: sent });
      expect(outcome).toMatchObject({ code: 130, out: '' });
      expect(outcome.err).toMatch(/Whether it was made is unknown/);
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
    [2, 'a missing option', ['run', '--text', 'x'], /--video is missing/],
    [2, 'no speech', ['run', '--video', 'me.mp4', '-o', 'x.mp4'], /--text or --audio/],
    [2, 'a word too few', ['get'], /Expected <id>/],
    [2, 'not a number', ['list', '--page', 'two'], /--page is "two", but must be a number/],
    [2, 'no interval', ['poll', TASK_ID, '--interval', '0'], /--interval is "0", but must be .* from 0.01/],
    [2, 'a time in the past', ['poll', TASK_ID, '--timeout', '-1'], /--timeout/],
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

  it.concurrent('are asked for on a terminal, the secret one unseen, and the token that proved them is kept', () =>
    atSite(async ({ credentials, peer, execute }) => {
      await rm(join(credentials, 'credentials.json'));
      const type = (answers: [prompt: string, typed: string][]): Promise<Outcome> => {
        const login = JSON.stringify([process.execPath, MAIN, 'login']);
        return execute('python3', ['-c', TYPE_ON_TERMINAL, JSON.stringify(answers), login]);
      };
      expect((await type([['App ID: ', '\x04']])).code).toBe(2);
      const { code, out } = await type([
        ['App ID: ', `${peer.keys.appId}\r`],
        ['Secret Key: ', `${peer.keys.secretKey}\r`],
      ]);
      expect([code, out]).toEqual([0, expect.stringContaining('credentials.json')]);
      expect(out).toContain('Secret Key: ');
      expect(out).not.toContain(peer.keys.secretKey);
      expect((await execute(process.execPath, [MAIN, 'token'])).out).toBe(`${peer.token}\n`);
      expect(peer.seen('POST /open/v1/access_token')).toHaveLength(1);
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

  it.concurrent('download says that a task has no video', () =>
    atSite(async ({ peer, run }) => {
      peer.script(DETAIL, { data: { ...taskOf(peer.url, 20, 100), video_url: '' } });
      expect(await run(['download', TASK_ID])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/no such/),
      });
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

  it.concurrent('doctor asks nothing of a server from somebody who only renders here', () =>
    atSite(async ({ credentials, peer, run }) => {
      await rm(join(credentials, 'credentials.json'));
      const environment = { CHANJING_OPENAPI_BASE_URL: '' };
      const { code, out } = await run(['doctor'], { environment });
      expect([code, out.includes('✗')]).toEqual([0, false]);
      expect(out).toMatch(/^✓ lipsync: videos can be made on this machine$/m);
      expect(out).toMatch(/^– server: none is set up, and lipsync needs none\. .*serve.*login/m);
      expect(peer.requests).toEqual([]);
      const withoutFfmpeg = await run(['doctor', '--json'], {
        environment: { ...environment, PATH: credentials },
      });
      expect(withoutFfmpeg.code).toBe(1);
      expect(JSON.parse(withoutFfmpeg.out)).toContainEqual({
        check: 'lipsync',
        ok: false,
        about: expect.stringContaining('mended'),
      });
    }));

  it.concurrent('explain themselves', () =>
    atSite(async ({ run }) => {
      expect((await run(['create', '--help'])).out).toMatch(/--video-file-id <ID> {2}/);
    }));

  it.concurrent('complete commands, their words, options and values, and files in bash', () =>
    atSite(async ({ run, execute }) => {
      const script = (await run(['completion', 'bash'])).out;
      const completed = async (...words: string[]): Promise<string[]> => {
        const line = ['chanjing-avatar', ...words].map(shellWord).join(' ');
        const ask = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _chanjing_avatar; printf '%s\\n' "\${COMPREPLY[@]}"`;
        return (await execute('bash', ['-uc', ask])).out.trim().split('\n');
      };
      expect(await completed('l')).toEqual(['lipsync', 'login', 'logout', 'list']);
      expect(await completed('download', '--')).toEqual(['--output', '--cover', '--quiet']);
      expect(await completed('run', '--backway', '')).toEqual(['1', '2']);
      expect(await completed('apps', 'cr')).toEqual(['create']);
      expect(await completed('upload', 'me')).toEqual(['me.mp4']);
      expect(await completed('nonsense', '--x')).toEqual(['']);
      expect(await completed('lipsync', '--tr')).toEqual(['--transcript']);
      expect(await completed('lipsync', '--model', '')).toEqual(['0', '1']);
      expect((await run(['completion', 'tcsh'])).code).toBe(2);
    }));
});
