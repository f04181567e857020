// Calls that only servers of one's own have.
import type { Peer } from '@chanjing-avatar/test-peer';
import { startPeer, TASK_ID, taskOf } from '@chanjing-avatar/test-peer';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Client, Task } from '../index.js';
import { createClient, InvalidRequestError, signIn, UnsupportedCallError } from '../index.js';

const EVENTS = 'GET /open/v1/video_lip_sync/events';
const SESSION = 'POST /open/v1/session';

let peer: Peer;
let client: Client;

beforeEach(async () => {
  peer = await startPeer();
  client = createClient({ baseUrl: peer.url, credentials: peer.keys });
});
afterEach(() => peer.close());

const stream = (...tasks: Record<string, unknown>[]) => ({
  status: 200,
  body: `: still here\n\n${tasks.map((task) => `event: task\ndata: ${JSON.stringify(task)}\n\n`).join('')}`,
  headers: { 'content-type': 'text/event-stream; charset=utf-8' },
});

const followed = async (): Promise<number[]> => {
  const seen: Task[] = [];
  for await (const task of client.lipSync.follow(TASK_ID)) seen.push(task);
  return seen.map(({ progress }) => progress);
};

it('follows a task to its end, over a stream that breaks off in the middle', async () => {
  peer.script(
    EVENTS,
    stream(taskOf(peer.url, 10, 20)),
    'break',
    stream(taskOf(peer.url, 10, 60), taskOf(peer.url, 20, 100, 'success')),
  );
  expect(await followed()).toEqual([20, 60, 100]);
  expect(peer.seen(EVENTS)).toHaveLength(3);
  expect(peer.seen(EVENTS)[0]!.headers.access_token).toBe(peer.token);
});

it('ends when the task is deleted, and says what a refused stream says', async () => {
  const gone = { status: 200, body: 'event: gone\ndata: {}\n\n', headers: stream().headers };
  peer.script(EVENTS, gone, { code: 40000, msg: 'id: no such task was found' });
  expect(await followed()).toEqual([]);
  await expect(followed()).rejects.toThrow(InvalidRequestError);
});

it('signs in by a code or by keys, without repeating either in a failure', async () => {
  const session = { access_token: 't', expire_in: 2e9, app_id: 'a', app_name: 'n' };
  peer.script(
    SESSION,
    { data: session },
    { data: session },
    { code: 40000, msg: 'geheim-code was used already' },
  );
  const at = { baseUrl: `${peer.url}/` };
  expect(await signIn({ code: 'geheim-code' }, at)).toEqual(session);
  await signIn(peer.keys, at);
  expect(peer.seen(SESSION).map(({ json }) => json)).toEqual([
    { code: 'geheim-code' },
    { app_id: peer.keys.appId, secret_key: peer.keys.secretKey },
  ]);
  await expect(signIn({ code: 'geheim-code' }, at)).rejects.toThrow(/^\*\*\* was used already/);
});

it('deletes and signs out where success carries no data', async () => {
  for (const path of ['video_lip_sync/delete', 'common/file_delete', 'session_end'])
    peer.script(`POST /open/v1/${path}`, { data: null });
  await client.lipSync.delete(TASK_ID);
  await client.files.delete('f');
  await client.signOut();
});

it('says on the cloud that it has no such call', async () => {
  const none = { status: 404, body: 'not found' };
  peer.script('POST /open/v1/video_lip_sync/search', none);
  peer.script('GET /open/v1/video_lip_sync/report', none);
  peer.script('POST /open/v1/callback/list', none);
  peer.script(EVENTS, none);
  await expect(client.lipSync.search().page()).rejects.toThrow(UnsupportedCallError);
  await expect(client.lipSync.report(TASK_ID)).rejects.toThrow(UnsupportedCallError);
  await expect(client.callbacks.list().page()).rejects.toThrow(UnsupportedCallError);
  await expect(followed()).rejects.toThrow(UnsupportedCallError);
});
