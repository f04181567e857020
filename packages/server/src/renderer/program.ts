// The program of the render process: reads one job over IPC, does it with the engine, answers, ends.
import { writeFileSync } from 'node:fs';
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

const abort = new AbortController();
process.on('SIGTERM', () => abort.abort(new Error('aborted')));
// The server is gone: nobody waits for the result.
process.on('disconnect', () => process.exit(1));

process.once('message', async ({ job, voices }: ProgramOrder) => {
  dieFirst();
  let last = 0;
  const listener: JobListener = {
    progress: (progress) => {
      const now = Date.now();
      if (now - last < PROGRESS_MS) return;
      last = now;
      void send({ type: 'progress', ...progress });
    },
    material: (material) => void send({ type: 'material', material }),
  };
  try {
    const result = await doJob(job, voices, abort.signal, listener);
    await send({ type: 'done', result });
  } catch (error) {
    await send(failureOf(error, job));
  }
  process.exit(0);
});
