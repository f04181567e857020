import { SpeechFailedError } from '../errors/speech-failed-error.js';
import { UnknownStatusError } from '../errors/unknown-status-error.js';
import { SPEECH_STATUS } from '../statuses.js';
import type { Transport } from '../transport/transport.js';
import { callApi } from '../transport/transport.js';
import type { CreateSpeechInput, SpeechTask, SpeechTaskId } from '../wire.js';
import type { CallOptions } from './files.js';
import type { WaitOptions } from './poll.js';
import { poll } from './poll.js';
import type { OnNotice } from './speakable-text.js';
import { speakable } from './speakable-text.js';

const SPEECH_TIMEOUT_MS = 10 * 60_000;

export type SpeechTasks = {
  /** Starts reading a text aloud and returns the task's id. Never repeated when no reply came. */
  create(request: CreateSpeechInput, options?: CallOptions): Promise<string>;
  retrieve(id: string, options?: CallOptions): Promise<SpeechTask>;
  /** Waits for the speech: `full.url` is a wav. Throws SpeechFailedError, WaitTimeoutError (default 10 minutes). */
  waitFor(id: string, options?: WaitOptions): Promise<SpeechTask>;
};

const isOver = (id: string, { status, errMsg, errReason }: SpeechTask): boolean => {
  if (errMsg) {
    throw new SpeechFailedError({
      msg: [errMsg, errReason].filter(Boolean).join(': '),
      remedy: 'Correct the text.',
    });
  }
  if (status === SPEECH_STATUS.done) return true;
  if ((status ?? SPEECH_STATUS.generating) === SPEECH_STATUS.generating) return false;
  const msg = `Speech task ${id} has status ${status}, which is not known.`;
  throw new UnknownStatusError({ msg, remedy: 'Update this software.' }, 'speech task', status, '');
};

export const speechTasks = (transport: Transport, onNotice: OnNotice): SpeechTasks => {
  const state = (id: string, signal: AbortSignal | undefined) =>
    callApi<SpeechTask>(transport, {
      method: 'POST',
      path: '/open/v1/audio_task_state',
      body: { task_id: id },
      signal,
    });
  return {
    create: async (request, { signal } = {}) => {
      const body = { ...request, text: { text: speakable(request.text.text, onNotice) } };
      const makes = { what: 'speech tasks', keyed: false, idempotencyKey: crypto.randomUUID() };
      const call = { method: 'POST', path: '/open/v1/create_audio_task', limit: 'speech' } as const;
      return (await callApi<SpeechTaskId>(transport, { ...call, body, makes, signal })).data.task_id;
    },
    retrieve: async (id, { signal } = {}) => (await state(id, signal)).data,
    waitFor: (id, { timeoutMs = SPEECH_TIMEOUT_MS, ...options } = {}) =>
      poll({
        ...{ id, what: 'Speech task', timeoutMs, ...options },
        read: (until) => state(id, until),
        isOver: (task) => isOver(id, task),
      }),
  };
};
