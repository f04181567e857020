import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from '@chanjing-avatar/test-peer';
import { FILE_ID, startPeer, TASK_ID, taskOf, VIDEO } from '@chanjing-avatar/test-peer';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMcpServer } from './server.js';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
const CREATE = 'POST /open/v1/video_lip_sync/create';
const FILE = 'GET /open/v1/common/file_detail';
const DETAIL = 'GET /open/v1/video_lip_sync/detail';

let peer: Peer;
let home: string;
let root: string;
let client: Client;

beforeAll(async () => {
  peer = await startPeer();
  home = await mkdtemp(join(tmpdir(), 'mcp-'));
  root = join(home, 'root');
  await mkdir(root);
  await writeFile(join(root, 'me.mp4'), 'the video');
  await writeFile(join(root, 'speech.mp3'), 'the speech');
  await writeFile(join(root, 'empty.mp3'), '');
  await writeFile(join(home, 'secret.mp4'), 'not for tools');
  await symlink(join(home, 'secret.mp4'), join(root, 'link.mp4'));
  const keys = { app_id: peer.keys.appId, secret_key: peer.keys.secretKey };
  await writeFile(join(home, 'credentials.json'), JSON.stringify(keys));
  client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [MAIN, 'mcp', '--root', root],
      env: {
        PATH: process.env.PATH!,
        CHANJING_OPENAPI_BASE_URL: peer.url,
        CHANJING_OPENAPI_CREDENTIALS_DIR: home,
      },
      stderr: 'ignore',
    }),
  );
});

afterAll(async () => {
  await client.close();
  await peer.close();
  await rm(home, { recursive: true, force: true });
});

type Result = { text: string; isError: boolean; value: Record<string, unknown> };

const call = async (name: string, given: object = {}, by: Client = client): Promise<Result> => {
  const { content, isError, structuredContent } = await by.callTool({ name, arguments: { ...given } });
  const [{ text }] = content as [{ text: string }];
  return { text, isError: isError === true, value: (structuredContent ?? {}) as Record<string, unknown> };
};

const speech = { text: '你好', voice: 'C-1' };

describe('the MCP server', () => {
  it('offers its tools, with a cost warning on the one that costs', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'cancel_task',
      'create_lip_sync',
      'download_task',
      'get_task',
      'list_tasks',
      'list_voices',
      'wait_for_task',
    ]);
    const costly = tools.filter(({ description }) => description?.includes('COST WARNING'));
    expect(costly.map(({ name }) => name)).toEqual(['create_lip_sync']);
  });

  it('makes a video from a local file: create, wait, download', async () => {
    expect((await call('list_voices', { language: 'zh' })).value.voices).toHaveLength(3);
    const created = await call('create_lip_sync', { video: 'me.mp4', ...speech, width: 720, height: 1280 });
    expect(created.value).toMatchObject({ id: TASK_ID, video_file_id: FILE_ID });
    expect(peer.seen(CREATE).at(-1)!.json).toEqual({
      video_file_id: FILE_ID,
      screen_width: 720,
      screen_height: 1280,
      tts_config: { text: '你好', audio_man_id: 'C-1', speed: 1, pitch: 1 },
    });
    expect((await call('wait_for_task', { id: TASK_ID })).value).toMatchObject({ done: true, status: 20 });
    const saved = await call('download_task', { id: TASK_ID, path: 'out.mp4' });
    expect(saved.value.path).toBe(join(root, 'out.mp4'));
    expect(await readFile(join(root, 'out.mp4'))).toEqual(VIDEO);
    expect(await call('download_task', { id: TASK_ID, path: 'out.mp4' })).toMatchObject({ isError: true });
  });

  it('tells how far an upload is, so that callers wait for it', async () => {
    const percents: number[] = [];
    const given = { video: 'me.mp4', ...speech };
    await client.callTool({ name: 'create_lip_sync', arguments: given }, undefined, {
      onprogress: ({ progress }) => percents.push(progress),
      resetTimeoutOnProgress: true,
    });
    expect(percents).toContain(90);
    expect(percents.at(-1)).toBe(99);
  });

  it('gives signs of life while the server checks a file, and while a task waits', async () => {
    const beats: number[] = [];
    // What lies between whole percents says that the work goes on.
    const hasBeaten = (): boolean => beats.filter((beat) => !Number.isInteger(beat)).length >= 2;
    const onprogress = ({ progress }: { progress: number }): void => void beats.push(progress);
    peer.script(FILE, () => ({ data: { id: FILE_ID, status: hasBeaten() ? 2 : 0, msg: '' } }));
    const given = { video: 'me.mp4', ...speech };
    await client.callTool({ name: 'create_lip_sync', arguments: given }, undefined, { onprogress });
    peer.script(FILE);
    expect(beats).toEqual(expect.arrayContaining([90, 90.01]));
    expect(beats).toEqual([...new Set(beats)].sort((a, b) => a - b));
    beats.length = 0;
    peer.script(DETAIL, () => ({ data: taskOf(peer.url, hasBeaten() ? 20 : 10, 40) }));
    await client.callTool({ name: 'wait_for_task', arguments: { id: TASK_ID } }, undefined, { onprogress });
    peer.script(DETAIL);
    expect(beats).toEqual(expect.arrayContaining([40, 40.01]));
    expect(beats).toEqual([...new Set(beats)].sort((a, b) => a - b));
  });

  it('says recordings with their transcript', async () => {
    const recorded = { video: 'me.mp4', audio: 'speech.mp3', transcript: '你好' };
    expect((await call('create_lip_sync', recorded)).value).toMatchObject({ audio_file_id: FILE_ID });
    expect(peer.seen(CREATE).at(-1)!.json).toEqual({
      video_file_id: FILE_ID,
      audio_type: 'audio',
      audio_file_id: FILE_ID,
      transcript: '你好',
    });
  });

  it.each<[string, object, RegExp]>([
    [
      'a broken width',
      { ...speech, width: 720.5, height: 1280 },
      /720.5, expected a whole .* 64 to 4096 at width/,
    ],
    ['a large height', { ...speech, width: 720, height: 4098 }, /4098, expected .* at height/],
    ['a small width', { ...speech, width: 62, height: 64 }, /62, expected .* at width/],
    ['half a pixel', { ...speech, width: 64.5, height: 64 }, /64\.5, expected .* at width/],
    ['a width alone', { ...speech, width: 720 }, /both width and height/],
    ['a long text', { text: '好'.repeat(4001), voice: 'C-1' }, /4001 characters, expected 1 to 4000/],
    ['a text of emoji', { text: '😀', voice: 'C-1' }, /Nothing of the text can be read/],
    ['an unknown voice', { text: '你好', voice: 'C-9' }, /no voice "C-9".*list_voices/],
    ['a transcript of a text', { ...speech, transcript: '你好' }, /transcript with audio/],
    ['a missing recording', { audio: 'gone.mp3' }, /No such file: .*gone\.mp3/],
    ['a recording in a missing directory', { audio: 'gone/a.mp3' }, /There is no directory .*gone/],
    ['an empty recording', { audio: 'empty.mp3' }, /The file is empty/],
    ['a video as a recording', { audio: 'me.mp4' }, /me\.mp4 is no audio.*mp3, m4a, wav/],
  ])('refuses %s before it uploads anything', async (_, given, wrong) => {
    const uploads = peer.seen('PUT /upload').length;
    const refused = await call('create_lip_sync', { video: 'me.mp4', ...given });
    expect(refused).toMatchObject({ isError: true, text: expect.stringMatching(wrong) });
    expect(peer.seen('PUT /upload')).toHaveLength(uploads);
  });

  it('takes a text of the longest length, counted in characters', async () => {
    const given = { video: 'me.mp4', text: '𠮷'.repeat(4000), voice: 'C-1' };
    expect((await call('create_lip_sync', given)).value.id).toBe(TASK_ID);
  });

  it('states its limits to the model, and refuses arguments that it does not know', async () => {
    const { tools } = await client.listTools();
    for (const { inputSchema } of tools) expect(inputSchema.additionalProperties).toBe(false);
    const { properties } = tools.find(({ name }) => name === 'create_lip_sync')!.inputSchema;
    const side = { type: 'integer', minimum: 64, maximum: 4096 };
    expect(properties).toMatchObject({ width: side, height: side, text: { minLength: 1, maxLength: 4000 } });
    const refused = await call('list_voices', { lang: 'zh' });
    expect(refused).toMatchObject({ isError: true, text: expect.stringMatching(/: lang\..*: language\./) });
  });

  it('returns from waiting in time, and tells progress meanwhile', async () => {
    peer.script(DETAIL, () => ({ data: taskOf(peer.url, 10, 40) }));
    const percents: number[] = [];
    const waited = await client.callTool(
      { name: 'wait_for_task', arguments: { id: TASK_ID, timeout_seconds: 1 } },
      undefined,
      { onprogress: ({ progress }) => percents.push(progress) },
    );
    expect(waited.structuredContent).toMatchObject({ done: false, progress: 40 });
    expect(percents).toEqual([40]);
    peer.script(DETAIL);
  });

  it('shows, lists and cancels tasks', async () => {
    expect((await call('get_task', { id: TASK_ID })).value).toMatchObject({ status: 20 });
    expect((await call('list_tasks', { page_size: 5 })).value.list).toHaveLength(5);
    expect((await call('cancel_task', { id: TASK_ID })).value).toMatchObject({ status: 30 });
  });

  it.each(['../secret.mp4', '/etc/hostname', 'link.mp4', '.', ''])(
    'neither reads nor writes outside its root: %j',
    async (path) => {
      const before = peer.requests.length;
      expect(await call('create_lip_sync', { video: path, ...speech })).toMatchObject({ isError: true });
      const kept = await call('download_task', { id: TASK_ID, path });
      expect(kept).toMatchObject({ isError: true, text: expect.stringMatching(/Choose a path below it\.$/) });
      expect(peer.requests).toHaveLength(before);
    },
  );

  it('tells the model what is wrong and what to do', async () => {
    const nothing = await call('create_lip_sync', { video: 'me.mp4' });
    expect(nothing).toMatchObject({ isError: true, text: 'Give one of text, audio and audio_file_id.' });
    peer.script(DETAIL, { code: 40000, msg: 'id: not found' });
    expect((await call('get_task', { id: 'x' })).text).toMatch(/id: not found .*trace id/);
  });
});

describe('on the cloud', () => {
  it.each(['https://open-api.chanjing.cc', 'https://OPEN-API.chanjing.cc.'])(
    'starts nothing without confirm_cost: %s',
    async (baseUrl) => {
      const { createClient } = await import('@chanjing-avatar/client/node');
      const { InMemoryTransport } = await import('@modelcontextprotocol/sdk/inMemory.js');
      // The cloud's address, with the scripted server behind it.
      const connect = () =>
        createClient({
          baseUrl,
          credentials: peer.keys,
          fetch: (input, init) => fetch(String(input).replace(baseUrl, peer.url), init),
        });
      const server = createMcpServer({ connect, root, version: '1' });
      const cloud = new Client({ name: 'test', version: '1' });
      const [ours, theirs] = InMemoryTransport.createLinkedPair();
      await Promise.all([server.connect(ours), cloud.connect(theirs)]);
      const before = peer.requests.length;
      const refused = await call('create_lip_sync', { video: 'me.mp4', ...speech }, cloud);
      expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('confirm_cost') });
      expect(peer.requests).toHaveLength(before);
      // A cloned voice, which the cloud does not list.
      const cloned = { text: '你好', voice: 'my-clone' };
      const agreed = await call('create_lip_sync', { video: 'me.mp4', ...cloned, confirm_cost: true }, cloud);
      expect(agreed.value.id).toBe(TASK_ID);
      await cloud.close();
    },
  );
});
