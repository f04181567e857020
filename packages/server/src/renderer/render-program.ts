import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { VoiceSettings } from '@chanjing-avatar/engine';
import type { Logger } from 'pino';
import { endWithParent } from '../database/unprivileged.js';
import { endMarked, JOB_MARK, RUN_MARK } from './marked-processes.js';
import type { ProgramJob, ProgramMessage, ProgramOrder, ProgramResults, RenderProgress } from './messages.js';
import { ProgramFailure } from './program-failure.js';
import { type Material, type WorkLimits, watchWork } from './work-limits.js';

type JobOf<Kind extends ProgramJob['kind']> = Extract<ProgramJob, { kind: Kind }>;

type RunOptions = {
  readonly signal?: AbortSignal;
  /** From real work. */
  readonly onProgress?: (progress: RenderProgress) => void;
  /** What the job may use; asked again for checks, with what is known of their material by then. */
  readonly limits?: (material?: Material) => WorkLimits;
};

/** Does one job in a process of its own. */
export type RenderProgram = {
  /** Throws {@link ProgramFailure}, or the signal's reason when aborted. */
  run<Kind extends ProgramJob['kind']>(job: JobOf<Kind>, options?: RunOptions): Promise<ProgramResults[Kind]>;
};

const DEFAULT_PROGRAM: string = fileURLToPath(new URL('program.js', import.meta.url));

/** Nothing of this length and size needs so much: something about the file is not as it says. */
const tooCostly = (what: string): string =>
  `The work took ${what} and was ended. Expected what files of this length and size take. Convert the material with another program and upload it again.`;

/** How long a job may take to end by itself after an abort. */
const TERMINATE_MS = 2000;

/**
 * Replies stay quick while renders run; from the first moment, because loading the engine is work too. Where Linux
 * shares the processor between sessions (`sched_autogroup_enabled`), a process's priority counts only inside its own
 * session, and each render has one: there its session is given the priority too.
 */
const yieldToServer = (pid: number): void => {
  const priority = os.constants.priority.PRIORITY_BELOW_NORMAL;
  try {
    os.setPriority(pid, priority);
    writeFileSync(`/proc/${pid}/autogroup`, String(priority));
  } catch {
    // It has ended already, or this system has no such groups.
  }
};

/**
 * A process per job: the JS heap, WebAssembly memory and native crashes of a render stay out of the server. It leads a
 * process group of its own with lower priority. Its ffmpegs inherit the priority, but each leads a group too: the
 * program ends them when it ends; when it is killed they are found by their mark.
 */
export const renderProgram = (
  workDir: string,
  log: Logger,
  voices: VoiceSettings,
  program: string = DEFAULT_PROGRAM,
): RenderProgram => {
  const [command, ...prefix] = [...endWithParent('KILL'), process.execPath];

  const run: RenderProgram['run'] = (job, { signal, onProgress, limits } = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const runId = randomUUID();
      const child = spawn(command!, [...prefix, program], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        detached: true,
        env: { ...process.env, [JOB_MARK]: workDir, [RUN_MARK]: runId },
      });
      if (child.pid) yieldToServer(child.pid);
      let outcome: ProgramMessage | undefined;
      let material: Material | undefined;
      let complaint = '';

      const killGroup = (signalName: NodeJS.Signals): void => {
        try {
          if (child.pid) process.kill(-child.pid, signalName);
        } catch {
          // The group is gone.
        }
      };
      const endOver = (what: string): void => {
        outcome ??= { type: 'failed', fault: 'input', code: 'too-costly', message: tooCostly(what) };
        killGroup('SIGKILL');
      };
      const stopWatching =
        limits && child.pid ? watchWork(child.pid, () => limits(material), endOver) : () => {};
      let killer: NodeJS.Timeout | undefined;
      const onAbort = (): void => {
        killGroup('SIGTERM');
        killer = setTimeout(() => killGroup('SIGKILL'), TERMINATE_MS);
      };
      signal?.addEventListener('abort', onAbort, { once: true });

      child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
        complaint = (complaint + chunk).slice(-2000);
      });
      child.on('message', (message: ProgramMessage) => {
        if (message.type === 'progress') onProgress?.(message);
        else if (message.type === 'material') material = message.material;
        else outcome ??= message;
      });
      child.on('error', (error) => {
        outcome ??= { type: 'failed', fault: 'infrastructure', code: 'not-started', message: error.message };
      });
      child.on('exit', (_code, exitSignal) => {
        // A process that outlives the program may also keep its pipes open, and 'close' would never come.
        killGroup('SIGKILL');
        stopWatching();
        if (exitSignal || !outcome) endMarked(RUN_MARK, runId);
      });
      child.on('close', (exitCode, exitSignal) => {
        clearTimeout(killer);
        signal?.removeEventListener('abort', onAbort);
        if (signal?.aborted) return reject(signal.reason);
        if (outcome?.type === 'done') return resolve(outcome.result as never);
        if (outcome?.type === 'failed') {
          return reject(new ProgramFailure(outcome.fault, outcome.code, outcome.message));
        }
        log.warn({ job: job.kind, exitCode, exitSignal, complaint }, 'the render process died');
        const how = exitSignal ? `was ended by ${exitSignal}` : `ended with code ${exitCode}`;
        reject(new ProgramFailure('infrastructure', 'process-died', `The render process ${how}.`));
      });
      child.send({ job, voices } satisfies ProgramOrder, () => {
        // A process that died before reading is reported by 'close'.
      });
    });

  return { run };
};
