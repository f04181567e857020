import { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { Peer } from '@chanjing-avatar/test-peer';
import { FILE_ID, SPEECH_ID, startPeer, TASK_ID, taskOf, VIDEO } from '@chanjing-avatar/test-peer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client, UploadFile } from '../index.js';
import {
  ConnectionError,
  createClient,
  FileNotReadyError,
  FileRejectedError,
  SpeechFailedError,
  TaskFailedError,
  TimeoutError,
  UnexpectedReplyError,
  UnknownStatusError,
  UploadRefusedError,
  WaitTimeoutError,
  withoutEmoji,
} from '../index.js';

const CREATE = 'POST /open/v1/video_lip_sync/create';
const DETAIL = 'GET /open/v1/video_lip_sync/detail';
const FILE = 'GET /open/v1/common/file_detail';
const PUT = 'PUT /upload';

let peer: Peer;
let client: Client;
let notices: string[];

beforeEach(async () => {
  peer = await startPeer();
  notices = [];
  client = createClient({
    baseUrl: peer.url,
    credentials: peer.keys,
    onNotice: ({ message }) => notices.push(message),
  });
});

afterEach(() => peer.close());

const quick = { intervalMs: 10 };
const video = new File(['0123456789'], '我的 视频.mp4');

describe('upload', () => {
  it('announces, sends and waits; 1 and 2 are both ready', async () => {
    for (const status of [1, 2]) {
      peer.script(FILE, { data: { id: FILE_ID, status: 0 } }, { data: { id: FILE_ID, status } });
      expect(await client.files.upload(video, { ready: quick })).toBe(FILE_ID);
    }
    const announced = peer.seen('GET /open/v1/common/create_upload_url')[0]!;
    expect(announced.query).toEqual({ service: 'lip_sync_video', name: '我的 视频.mp4' });
    const put = peer.seen(PUT)[0]!;
    expect(put.headers).toMatchObject({ 'content-type': 'video/mp4', 'content-length': '10' });
    expect(put.headers).not.toHaveProperty('access_token');
    expect(put.body.toString()).toBe('0123456789');
  });

  it('sends a stream, tells how far it is, and takes audio by its extension', async () => {
    const sent: (number | undefined)[][] = [];
    const onProgress = (bytes: number, total?: number): number => sent.push([bytes, total]);
    const stream = new Blob(['abc', 'defg']).stream();
    await client.files.upload(stream, { name: 'a.mp3', size: 7, onProgress, ready: quick });
    expect(sent.at(-1)).toEqual([7, 7]);
    expect(peer.seen(PUT)[0]!.body.toString()).toBe('abcdefg');
    expect(peer.seen('GET /open/v1/common/create_upload_url')[0]!.query.service).toBe('lip_sync_audio');
  });

  it('repeats the PUT of what can be read again', async () => {
    peer.script(PUT, 'break', { status: 503, body: '' });
    expect(await client.files.upload(video, { ready: quick })).toBe(FILE_ID);
    expect(peer.seen(PUT)).toHaveLength(3);
  });

  it('says why the storage refuses, without the signature', async () => {
    peer.script(PUT, { status: 403, body: '<Error><Message>Request has expired.</Message></Error>' });
    const error = await client.files.upload(video).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UploadRefusedError);
    expect(String(error)).toContain('HTTP 403: Request has expired.');
    expect(String(error)).not.toContain('geheim');
  });

  it('may take longer than a call, but not stand still', async () => {
    const options = { baseUrl: peer.url, credentials: peer.keys, timeoutMs: 2000, maxRetries: 0 };
    const hasty = createClient(options);
    const trickle = async function* (): AsyncGenerator<Uint8Array> {
      for (let part = 0; part < 8; part++) {
        await new Promise((resolve) => setTimeout(resolve, 400));
        yield new Uint8Array(10);
      }
    };
    const slow = { name: 'a.mp4', size: 80, open: () => NodeReadableStream.from(trickle()) };
    expect(await hasty.files.upload(slow as UploadFile, { ready: quick })).toBe(FILE_ID);
    peer.script(PUT, 'hang');
    const stalled = await hasty.files.upload(video).catch((error: unknown) => error);
    expect(stalled).toBeInstanceOf(TimeoutError);
    expect(stalled).toMatchObject({
      request: { method: 'PUT' },
      msg: expect.stringContaining('did not move'),
    });
  });

  it.each([98, 99, 100])('throws for file status %i at once', async (status) => {
    peer.script(FILE, { data: { id: FILE_ID, status, msg: '没有人脸' } });
    const upload = client.files.upload(video, { ready: quick });
    await expect(upload).rejects.toThrow(FileRejectedError);
    await expect(upload).rejects.toThrow('没有人脸');
  });

  it('gives up on a file that does not get ready, and on a state it does not know', async () => {
    peer.script(FILE, () => ({ data: { id: FILE_ID, status: 0 } }));
    const ready = { intervalMs: 10, timeoutMs: 80 };
    await expect(client.files.upload(video, { ready })).rejects.toThrow(FileNotReadyError);
    peer.script(FILE, () => ({ data: { id: FILE_ID, status: 7 } }));
    await expect(client.files.upload(video, { ready: quick })).rejects.toThrow(UnknownStatusError);
  });
});

describe('waiting for a task', () => {
  it('tells each change of progress and ends with the task', async () => {
    const states = [taskOf(peer.url, 0, 0), taskOf(peer.url, 10, 30), taskOf(peer.url, 10, 30)];
    peer.script(DETAIL, ...states.map((data) => ({ data })));
    const progress: number[] = [];
    const onProgress = (task: { progress: number }): number => progress.push(task.progress);
    const task = await client.lipSync.waitFor(TASK_ID, { ...quick, onProgress });
    expect(task.video_url).toBe(`${peer.url}/result/video.mp4`);
    expect(progress).toEqual([0, 30, 100]);
  });

  it('throws for failure, for unknown states, and when the time is over', async () => {
    peer.script(DETAIL, { data: taskOf(peer.url, 30, 40, '没有人脸') });
    await expect(client.lipSync.waitFor(TASK_ID, quick)).rejects.toThrow(TaskFailedError);
    peer.script(DETAIL, { data: taskOf(peer.url, 15, 40) });
    await expect(client.lipSync.waitFor(TASK_ID, quick)).rejects.toThrow(UnknownStatusError);
    peer.script(DETAIL, () => ({ data: taskOf(peer.url, 10, 40) }));
    const wait = client.lipSync.waitFor(TASK_ID, { ...quick, timeoutMs: 60 });
    await expect(wait).rejects.toThrow(WaitTimeoutError);
    await expect(wait).rejects.toMatchObject({ id: TASK_ID });
  });

  it('outlasts a server that restarts, but not one that was never there', async () => {
    const hasty = createClient({ baseUrl: peer.url, credentials: peer.keys, maxRetries: 0 });
    peer.script(DETAIL, { data: taskOf(peer.url, 10, 40) }, 'break', 'break', { status: 502, body: '' });
    expect((await hasty.lipSync.waitFor(TASK_ID, quick)).status).toBe(20);
    peer.script(DETAIL, 'break');
    await expect(hasty.lipSync.waitFor(TASK_ID, quick)).rejects.toThrow(ConnectionError);
  });

  it('lets Retry-After set the pace', async () => {
    const headers = { 'retry-after-ms': '300' };
    peer.script(DETAIL, { data: taskOf(peer.url, 10, 40), headers });
    const begin = performance.now();
    await client.lipSync.waitFor(TASK_ID, quick);
    expect(performance.now() - begin).toBeGreaterThan(290);
  });

  it('is over in time even when the server does not answer', async () => {
    await client.token();
    peer.script(DETAIL, { data: taskOf(peer.url, 10, 40) }, 'hang');
    const wait = client.lipSync.waitFor(TASK_ID, { ...quick, timeoutMs: 2000 });
    await expect(wait).rejects.toThrow(WaitTimeoutError);
    expect(peer.seen(DETAIL)).toHaveLength(2);
  });

  it('heeds Retry-After of a server that is away', async () => {
    const hasty = createClient({ baseUrl: peer.url, credentials: peer.keys, maxRetries: 0 });
    const away = { status: 503, body: '', headers: { 'retry-after-ms': '300' } };
    peer.script(DETAIL, { data: taskOf(peer.url, 10, 40) }, away);
    const begin = performance.now();
    await hasty.lipSync.waitFor(TASK_ID, quick);
    expect(performance.now() - begin).toBeGreaterThan(290);
  });

  it('cancels the task at the server on abort, when asked to', async () => {
    peer.script(DETAIL, () => ({ data: taskOf(peer.url, 10, 40) }));
    const stop = new AbortController();
    const wait = client.lipSync.waitFor(TASK_ID, { ...quick, signal: stop.signal, cancelOnAbort: true });
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(wait).rejects.toThrow('enough');
    expect(peer.seen('POST /open/v1/video_lip_sync/cancel')[0]!.json).toEqual({ id: TASK_ID });
  });
});

describe('lists', () => {
  it('walks all pages, each item once', async () => {
    const ids: string[] = [];
    for await (const task of client.lipSync.list({ page_size: 10 })) ids.push(task.id);
    expect(ids).toHaveLength(23);
    expect(new Set(ids).size).toBe(23);
    expect(peer.seen('POST /open/v1/video_lip_sync/list').map(({ json }) => json)).toEqual(
      [1, 2, 3].map((page) => ({ page, page_size: 10 })),
    );
  });

  it('gives one page, or the pages from there on', async () => {
    const list = client.lipSync.list({ page: 2, page_size: 10 });
    expect((await list.page()).list[0]!.id).toBe('task-10');
    const sizes: number[] = [];
    for await (const page of list.pages()) sizes.push(page.list.length);
    expect(sizes).toEqual([10, 3]);
    expect((await client.voices.list().page()).list.map(({ id }) => id)).toEqual(['C-1', 'C-2', 'C-3']);
  });
});

describe('run', () => {
  it('uploads, creates, waits and downloads', async () => {
    const stages: string[] = [];
    const audio = new File(['la la'], 'speech.mp3');
    const { task, video: result } = await client.lipSync.run(
      { video, audio, screen_width: 720, screen_height: 1280 },
      { onProgress: (stage, fraction) => stages.push(`${stage} ${fraction}`) },
    );
    expect(Buffer.from(await result.arrayBuffer())).toEqual(VIDEO);
    expect(task.duration).toBe(5300);
    expect(peer.seen(CREATE)[0]!.json).toEqual({
      video_file_id: FILE_ID,
      audio_file_id: FILE_ID,
      audio_type: 'audio',
      screen_width: 720,
      screen_height: 1280,
    });
    expect(stages).toContain('upload 1');
    expect(stages).toContain('generate 1');
    expect(stages.at(-1)).toBe('download 1');
    expect(peer.seen('GET /result/video.mp4')[0]!.headers).not.toHaveProperty('access_token');
  });

  it('says that a finished task has no video', async () => {
    peer.script(DETAIL, { data: { ...taskOf(peer.url, 20, 100), video_url: '' } });
    const tts_config = { text: 'hello', audio_man_id: 'C-1' };
    await expect(client.lipSync.run({ video, tts_config })).rejects.toThrow(UnexpectedReplyError);
  });

  it('stops the other upload when one fails, before it says so', async () => {
    let parts = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        parts += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield new Uint8Array(10);
      }
    };
    const endlessVideo = { name: 'a.mp4', size: 1e9, open: () => NodeReadableStream.from(endless()) };
    // Only the audio gets so far as to be asked for; it is refused once the video is under way.
    peer.script(FILE, () => ({ data: { id: FILE_ID, status: parts > 3 ? 98 : 0, msg: 'no speech' } }));
    let calls = 0;
    const running = client.lipSync.run(
      { video: endlessVideo as UploadFile, audio: new File(['x'], 'speech.wav') },
      { onProgress: () => (calls += 1) },
    );
    await expect(running).rejects.toThrow(FileRejectedError);
    const told = calls;
    expect(told).toBeGreaterThan(1);
    // The peer notes a PUT when it is over: complete, or cut off.
    while (peer.seen(PUT).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(calls).toBe(told);
    expect(peer.seen(CREATE)).toHaveLength(0);
  });

  it('uses files that are uploaded already', async () => {
    const tts_config = { text: 'hello', audio_man_id: 'C-1' };
    await client.lipSync.run({ video: { file_id: 'there' }, tts_config });
    expect(peer.seen(CREATE)[0]!.json).toEqual({ video_file_id: 'there', tts_config });
    expect(peer.seen(PUT)).toHaveLength(0);
  });
});

describe('speech', () => {
  it('is made and waited for; an error comes as done with errMsg', async () => {
    const id = await client.speech.create({ audio_man: 'C-1', text: { text: '你好' } });
    expect(id).toBe(SPEECH_ID);
    const speech = await client.speech.waitFor(id);
    expect(speech.full?.duration).toBe(1.5);
    const failed = { ...speech, errMsg: '合成失败', errReason: '文本' };
    peer.script('POST /open/v1/audio_task_state', { data: failed });
    await expect(client.speech.waitFor(id)).rejects.toThrow(SpeechFailedError);
  });
});

describe('emoji', () => {
  it('are dropped from what is spoken, with a notice', async () => {
    const tts_config = { text: ['你好👋🏽!', '第1章 ©2026 👨‍👩‍👧 1️⃣ 🇨🇳好'], audio_man_id: 'C-1' };
    await client.lipSync.create({ video_file_id: FILE_ID, tts_config });
    const sent = peer.seen(CREATE)[0]!.json as { tts_config: { text: string[] } };
    expect(sent.tts_config.text).toEqual(['你好!', '第1章 ©2026 好']);
    expect(notices).toEqual(['4 emoji dropped from the text: they cannot be spoken.']);
  });

  it('leave other text untouched', () => {
    for (const text of ['3 * 4 # 5', 'a  b ', '™ ® ©', 'русский, 日本語 ♪']) {
      expect(withoutEmoji(text)).toEqual({ text, dropped: 0 });
    }
    expect(withoutEmoji('❤️ love ☀️')).toEqual({ text: 'love', dropped: 2 });
  });
});
