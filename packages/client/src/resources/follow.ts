import { UnexpectedReplyError } from '../errors/unexpected-reply-error.js';
import { TASK_STATUS } from '../statuses.js';
import { pause } from '../transport/pause.js';
import { readReply } from '../transport/read-reply.js';
import { isTemporary } from '../transport/retry.js';
import { send } from '../transport/send.js';
import type { Transport } from '../transport/transport.js';
import type { FollowedTask } from '../wire.js';
import { orUnsupported } from './own-server.js';

const PATH = '/open/v1/video_lip_sync/events';
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

/** The blocks of an event stream, each without its blank line at the end. */
const blocks = async function* (body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = parts.pop()!;
      yield* parts;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
};

const fieldOf = (block: string, name: string): string | undefined =>
  block
    .split('\n')
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);

const open = async (
  { baseUrl, fetch, tokens }: Transport,
  id: string,
  signal: AbortSignal | undefined,
): Promise<ReadableStream<Uint8Array>> => {
  const token = await tokens.get(signal);
  const request = { method: 'GET', path: PATH };
  const init = { headers: { accept: 'text/event-stream', access_token: token }, redirect: 'manual' } as const;
  const url = `${baseUrl}${PATH}?${new URLSearchParams({ id })}`;
  return send({ fetch, url, init, request, timeoutMs: undefined, signal }, async (response) => {
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (isStream && response.body) return response.body;
    await readReply(response, request, [token]);
    const remedy = 'Check what stands before the server.';
    throw new UnexpectedReplyError({ msg: 'No event stream came', remedy, request }, response.status, 'data');
  });
};

/**
 * The task at once and at each change until it is over, as the server tells it. A connection that breaks is opened again,
 * until the signal aborts. Ends early when the task is deleted. Throws UnsupportedCallError on the vendor's cloud.
 */
export const follow = async function* (
  transport: Transport,
  id: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<FollowedTask> {
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
    try {
      for await (const block of blocks(await open(transport, id, signal))) {
        const event = fieldOf(block, 'event');
        if (event === 'gone') return;
        if (event !== 'task') continue;
        const task = JSON.parse(fieldOf(block, 'data')!) as FollowedTask;
        wait = FIRST_PAUSE_MS;
        yield task;
        if (task.status === TASK_STATUS.success || task.status === TASK_STATUS.failed) return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      // Streams that break in the middle say so with a TypeError.
      if (!isTemporary(error) && !(error instanceof TypeError)) throw orUnsupported(error, 'tell of a task');
    }
    await pause(wait, signal);
  }
};
