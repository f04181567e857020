// The program of the render process: reads one job over IPC, does it with the engine, answers, ends.
import { writeFileSync } from 'node:fs';
import { EngineError } from '@chanjing-avatar/engine';
import { doJob } from './do-job.js';
import type { Fault, ProgramJob, ProgramMessage, ProgramOrder } from './messages.js';
import { publicMessage } from './public-message.js';

/** Codes of engine errors that another try may mend; every other one is the fault of the material. */
const PASSING = new Set([
  'disk-full',
  'face-model',
  'ffmpeg-failed',
  'ffmpeg-missing',
  'file-missing',
  'output-not-writable',
  'speech-model',
  'voice-failed',
]);

const PROGRESS_MS = 250;

const send = (message: ProgramMessage): Promise<void> =>
  new Promise((resolve) => {
    process.send!(message, () => resolve());
  });

const failureOf = (error: unknown, job: ProgramJob): ProgramMessage => {
  if (error instanceof EngineError) {
    const fault: Fault = PASSING.has(error.code) ? 'infrastructure' : 'input';
    return { type: 'failed', fault, code: error.code, message: publicMessage(error.message, job) };
  }
  const { code, message = String(error) } = error as NodeJS.ErrnoException;
  return {
    type: 'failed',
    fault: 'infrastructure',
    code: code ?? 'unexpected',
    message: publicMessage(message, job),
  };
};

/** When memory runs out the kernel ends a render, not the server. */
const dieFirst = (): void => {
  try {
    writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // Not on this platform.
  }
};

const abort = new AbortController();
process.on('SIGTERM', () => abort.abort(new Error('aborted')));
// The server is gone: nobody waits for the result.
process.on('disconnect', () => process.exit(1));

process.once('message', async ({ job, voices }: ProgramOrder) => {
  dieFirst();
  let last = 0;
  const onProgress = (fraction: number): void => {
    const now = Date.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    void send({ type: 'progress', fraction });
  };
  try {
    const result = await doJob(job, voices, abort.signal, onProgress);
    await send({ type: 'done', result });
  } catch (error) {
    await send(failureOf(error, job));
  }
  process.exit(0);
});
