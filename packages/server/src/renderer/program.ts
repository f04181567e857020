// The program of the render process: reads a job over IPC, does it with the engine, answers, and ends or waits for the next.
import { writeFileSync } from 'node:fs';
import { openVoices, type VoiceCatalogue } from '@chanjing-avatar/engine';
import { doJob, type JobListener } from './do-job.js';
import { faultOf } from './fault.js';
import type { ProgramJob, ProgramMessage, ProgramOrder } from './messages.js';
import { publicMessage } from './public-message.js';

const PROGRESS_MS = 250;

const send = (message: ProgramMessage): Promise<void> =>
  new Promise((resolve) => {
    process.send!(message, () => resolve());
  });

const failureOf = (error: unknown, job: ProgramJob): ProgramMessage => {
  const { code = 'unexpected', message = String(error) } = error as NodeJS.ErrnoException;
  const fault = faultOf(error);
  // What the machine is at fault for goes to the operator's log alone, with all its paths.
  return { type: 'failed', fault, code, message: fault === 'input' ? publicMessage(error, job) : message };
};

/** When memory runs out the kernel ends a render, not the server. */
const dieFirst = (): void => {
  try {
    writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // Not on this platform.
  }
};

let voicesOfMachine: VoiceCatalogue | undefined;
let abort: AbortController | undefined;

process.on('SIGTERM', () => {
  if (abort) abort.abort(new Error('aborted'));
  else process.exit(0);
});
// The server is gone: nobody waits for the result.
process.on('disconnect', () => process.exit(1));

process.on('message', async ({ job, voices, stays }: ProgramOrder) => {
  dieFirst();
  const control = new AbortController();
  abort = control;
  voicesOfMachine ??= openVoices(voices);
  let last = 0;
  const listener: JobListener = {
    progress: (progress) => {
      const now = Date.now();
      if (now - last < PROGRESS_MS) return;
      last = now;
      void send({ type: 'progress', ...progress });
    },
    material: (material) => void send({ type: 'material', material }),
    segment: (segment) => void send({ type: 'segment', segment }),
  };
  try {
    const result = await doJob(job, voicesOfMachine, control.signal, listener);
    abort = undefined;
    await send({ type: 'done', result });
  } catch (error) {
    abort = undefined;
    await send(failureOf(error, job));
  }
  if (!stays) process.exit(0);
});
