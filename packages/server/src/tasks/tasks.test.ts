import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CODE, type FollowedTask, type Task } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import {
  exampleRequest,
  makeMedia,
  startTestServer,
  type TestApp,
  type TestServer,
  until,
} from '../testing/test-server.js';

let server: TestServer;
let app: TestApp;
let video: string;

beforeAll(async () => {
  server = await startTestServer({ renders: '2', 'renders-per-app': '1', 'open-tasks-per-app': '12' });
  app = server.app;
  video = await app.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
});
afterAll(() => server?.stop());

const request = (text: string): Record<string, unknown> => ({
  ...exampleRequest(video),
  screen_width: 64,
  screen_height: 64,
  tts_config: { text, audio_man_id: 'en-1' },
});

const create = async (text: string, headers?: Record<string, string>): Promise<string> => {
  const reply = await app.call('createTask', request(text), headers);
  expect(reply.msg).toBe('success');
  return reply.data;
};

const statusOf = async (id: string): Promise<Task> => (await app.call('taskDetail', { id })).data;

const generating = (id: string): Promise<unknown> => until(async () => (await statusOf(id)).status === 10);

const priorityOf = (pid: number): number => {
  try {
    return os.getPriority(pid);
  } catch {
    // It has ended meanwhile.
    return 10;
  }
};

/** Where the processor is shared between sessions. */
const sessionYields = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/autogroup`, 'utf8').trim().endsWith('nice 10');
  } catch {
    // It has ended meanwhile, or this system has no such groups.
    return true;
  }
};

const processesOfJobs = (): string[] => readdirSync(path.join(server.dataDir, 'work'));

describe('a task', () => {
  it('goes from pending over generating, with growing progress, to success', async () => {
    const seen: Task[] = [];
    const id = await create('slow');
    for (;;) {
      const task = await statusOf(id);
      seen.push(task);
      if (task.status >= 20) break;
    }
    const progress = seen.map((task) => task.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(new Set(progress).size).toBeGreaterThan(2);
    expect(seen.every((task) => task.status === 20 || task.video_url === '')).toBe(true);
    expect(seen.at(-1)).toMatchObject({ status: 20, progress: 100, msg: 'success' });
    expect(processesOfJobs()).toEqual([]);
  });

  it('fails at once, with the reason, when the material is at fault', async () => {
    const task = await app.ended(await create('refuse'));
    expect(task).toMatchObject({ status: 30, video_url: '', preview_url: '', duration: 0 });
    expect(task.msg).toBe('The text was refused. Expected other words. Change it.');
  });

  it('is tried again when its process dies or the machine fails, then fails and says so', async () => {
    const [crashing, breaking] = [await create('crash'), await create('break')];
    const task = await app.ended(crashing);
    expect(task.status).toBe(30);
    expect(task.msg).toContain('failed 4 times: the render process died. Expected');
    const { msg } = await app.ended(breaking);
    expect(msg).toContain('failed 4 times: the server could not do its work. Expected');
    expect(msg).not.toContain('/srv');
    expect(processesOfJobs()).toEqual([]);
  });
});

describe('Idempotency-Key', () => {
  it('gives the same id for the same request, also when it comes twenty times at once', async () => {
    const headers = { 'idempotency-key': 'key-1' };
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => app.call('createTask', request('one'), headers)),
    );
    expect(new Set(replies.map((reply) => reply.data)).size).toBe(1);
    const other = await app.call('createTask', request('two'), headers);
    expect(other).toMatchObject({ code: CODE.parameter, msg: expect.stringContaining('Idempotency-Key') });
    await app.ended(replies[0]!.data);
    expect((await app.call('createTask', request('one'), headers)).data).toBe(replies[0]!.data);
  });

  it('belongs to one app', async () => {
    const made = await withApps(server.settings, (apps) => apps.create('idempotent'));
    const other = await server.login({ app_id: made.id, secret_key: made.secretKey });
    const theirs = await other.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
    const headers = { 'idempotency-key': 'key-2' };
    const mine = await create('one', headers);
    const reply = await other.call('createTask', { ...request('one'), video_file_id: theirs }, headers);
    expect(reply.code).toBe(0);
    expect(reply.data).not.toBe(mine);
    await app.ended(mine);
    await other.ended(reply.data);
  });

  it.each(['', 'a b', 'x'.repeat(129), 'é'])('refuses the key %j', async (key) => {
    const reply = await app.call('createTask', request('one'), { 'idempotency-key': key });
    expect(reply).toMatchObject({
      code: CODE.parameter,
      msg: expect.stringContaining('1 to 128 characters'),
    });
  });
});

describe('cancel and delete', () => {
  it('stops a running task at once and frees its place', async () => {
    const hanging = await create('hang');
    const next = await create('next');
    await generating(hanging);
    // Below everything that answers callers, since its first moment.
    const mine = ['-P', String(process.pid), '-f', 'stand-in-program'];
    const pids = execFileSync('pgrep', mine).toString().trim().split('\n').map(Number);
    await until(async () => pids.every((pid) => priorityOf(pid) === 10 && sessionYields(pid)));
    const cancelled = await app.call('cancelTask', { id: hanging });
    expect(cancelled.data).toMatchObject({
      id: hanging,
      status: 30,
      msg: 'The task was cancelled by its owner.',
    });
    expect((await app.ended(next)).status).toBe(20);
    expect((await statusOf(hanging)).status).toBe(30);
    await until(async () => processesOfJobs().length === 0);
  });

  it('stops tasks at the very moment they begin', async () => {
    for (let k = 0; k < 40; k += 1) {
      const id = await create('hang');
      await sleep(k);
      expect(await app.call('cancelTask', { id })).toMatchObject({ code: 0, data: { status: 30 } });
    }
  });

  it('stops a waiting task, and leaves one that is over as it is', async () => {
    const hanging = await create('hang');
    const waiting = await create('waiting');
    expect((await app.call('cancelTask', { id: waiting })).data.status).toBe(30);
    await app.call('cancelTask', { id: hanging });
    const done = await create('done');
    await app.ended(done);
    expect((await app.call('cancelTask', { id: done })).data.status).toBe(20);
  });

  it('removes what an interrupted start had published', async () => {
    const hanging = await create('hang');
    await generating(hanging);
    const folder = path.join(server.dataDir, 'objects', 'lip-sync', '1');
    await mkdir(folder, { recursive: true });
    for (const kind of ['mp4', 'jpg']) await writeFile(path.join(folder, `${hanging}.${kind}`), 'left');
    await app.call('cancelTask', { id: hanging });
    await until(async () => !readdirSync(folder).some((name) => name.startsWith(hanging)));
  });

  it('deletes a task with its results, and a running one too', async () => {
    const id = await create('done');
    const task = await app.ended(id);
    expect(await app.call('deleteTask', { id })).toMatchObject({ code: 0, data: null });
    expect((await app.call('taskDetail', { id })).code).toBe(CODE.parameter);
    expect((await fetch(task.video_url)).status).toBe(404);
    expect((await fetch(task.preview_url)).status).toBe(404);
    const hanging = await create('hang');
    await generating(hanging);
    expect((await app.call('deleteTask', { id: hanging })).code).toBe(0);
    await until(async () => processesOfJobs().length === 0);
  });
});

describe('events', () => {
  const events = async (id: string): Promise<{ type: string; text: string }> => {
    const answer = await fetch(`${server.url}/open/v1/video_lip_sync/events?id=${id}`, {
      headers: { access_token: app.token },
    });
    return { type: answer.headers.get('content-type')!, text: await answer.text() };
  };

  it('tells each change until the task is over', async () => {
    const id = await create('slow');
    const { type, text } = await events(id);
    expect(type).toContain('text/event-stream');
    const tasks = [...text.matchAll(/event: task\ndata: (.*)\n\n/g)].map(
      (match) => JSON.parse(match[1]!) as FollowedTask,
    );
    expect(tasks.length).toBeGreaterThan(2);
    expect(tasks.at(-1)).toMatchObject({ id, status: 20, progress: 100 });
    expect(tasks.map(({ stage }) => stage)).toContain('render');
    const { stage, attempt, seconds_left, reason, ...task } = tasks.at(-1)!;
    expect({ stage, attempt, seconds_left, reason }).toEqual({
      stage: '',
      attempt: 1,
      seconds_left: null,
      reason: '',
    });
    expect(task).toEqual(await statusOf(id));
  });

  it('tells a task that waits again after an interruption, and which attempt it is', async () => {
    const id = await create('crash');
    const { text } = await events(id);
    const tasks = [...text.matchAll(/event: task\ndata: (.*)\n\n/g)].map(
      (match) => JSON.parse(match[1]!) as FollowedTask,
    );
    expect(tasks.some(({ stage, attempt }) => stage === 'waiting' && attempt > 0)).toBe(true);
    expect(tasks.at(-1)).toMatchObject({ status: 30, stage: '', attempt: 4, reason: 'given-up' });
  });

  it('tells a task that is over once, and says when one is deleted', async () => {
    const done = await create('done');
    await app.ended(done);
    expect((await events(done)).text.match(/event: task/g)).toHaveLength(1);
    const hanging = await create('hang');
    const following = events(hanging);
    await generating(hanging);
    await app.call('deleteTask', { id: hanging });
    expect((await following).text).toContain('event: gone');
  });
});

describe('sharing', () => {
  it('renders at most the allowed number of one app at once, and lets another app in', async () => {
    const made = await withApps(server.settings, (apps) => apps.create('sharing'));
    const other = await server.login({ app_id: made.id, secret_key: made.secretKey });
    const theirs = await other.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
    const hanging = [await create('hang'), await create('hang')];
    await generating(hanging[0]!);
    const reply = await other.call('createTask', { ...request('quick'), video_file_id: theirs });
    expect((await other.ended(reply.data)).status).toBe(20);
    expect((await statusOf(hanging[1]!)).status).toBe(0);
    for (const id of hanging) await app.call('cancelTask', { id });
  });

  it('refuses more open tasks than the quota, also when they come at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 40 }, () => app.call('createTask', request('hang'))),
    );
    const made = replies.filter(({ code }) => code === 0);
    const refused = replies.filter(({ code }) => code === CODE.quotaReached);
    expect([made.length, refused.length]).toEqual([12, 28]);
    for (const { data } of made) await app.call('cancelTask', { id: data });
  });
});

it('puts running work back when the server stops, and does it after the start', async () => {
  const id = await create('slow');
  await generating(id);
  const stream = await fetch(`${server.url}/open/v1/video_lip_sync/events?id=${id}`, {
    headers: { access_token: app.token },
  });
  const ended = stream.text().catch(() => 'cut');
  await server.restart();
  await ended;
  const again = await server.login(server.credentials);
  expect((await again.ended(id)).status).toBe(20);
  // The first render was not waited for.
  expect(existsSync(path.join(server.dataDir, 'objects', 'lip-sync', '1', `${id}.mp4`))).toBe(false);
  expect(existsSync(path.join(server.dataDir, 'objects', 'lip-sync', '2', `${id}.mp4`))).toBe(true);
});
