import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import type { VoiceSettings } from '@chanjing-avatar/engine';
import type { Logger } from 'pino';
import { endWithParent } from '../database/unprivileged.js';
import { endMarked, JOB_MARK, RUN_MARK } from './marked-processes.js';
import type { ProgramJob, ProgramMessage, ProgramOrder, RenderProgress } from './messages.js';
import { ProgramFailure } from './program-failure.js';
import { type Material, type WorkLimits, watchWork } from './work-limits.js';

export type RunOptions = {
  readonly signal?: AbortSignal;
  /** From real work. */
  readonly onProgress?: (progress: RenderProgress) => void;
  /** Told when a segment is complete. */
  readonly onSegment?: (segment: number) => void;
  /** What the job may use; asked again for checks, with what is known of their material by then. */
  readonly limits?: (material?: Material) => WorkLimits;
};

/** What every job process needs. */
export type JobProcessOptions = {
  readonly workDir: string;
  readonly log: Logger;
  readonly voices: VoiceSettings;
  /** The JavaScript file that does jobs. */
  readonly program: string;
};

/** A process that does jobs, one at a time. */
export type JobProcess = {
  /**
   * @param stays whether it shall wait for another job afterwards
   * @throws {@link ProgramFailure}, or the signal's reason when aborted.
   */
  run(job: ProgramJob, stays: boolean, options: RunOptions): Promise<unknown>;
  /** Whether it waits for another job: it stayed, and nothing was wrong with it. */
  readonly waits: boolean;
  /** Ends it, and what it started. */
  end(): Promise<void>;
};

/** What a process is busy with. */
type Busy = { receive(message: ProgramMessage): void; closed(how: string): void };

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
 * Starts a process for jobs: JS heap, WebAssembly memory and native crashes stay out of the server. It leads a
 * process group of its own with lower priority. Its ffmpegs inherit the priority, but each leads a group too: the
 * program ends them when it ends; when it is killed they are found by their mark.
 */
export const startJobProcess = ({ workDir, log, voices, program }: JobProcessOptions): JobProcess => {
  const [command, ...prefix] = [...endWithParent('KILL'), process.execPath];
  const runId = randomUUID();
  const child = spawn(command!, [...prefix, program], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: true,
    env: { ...process.env, [JOB_MARK]: workDir, [RUN_MARK]: runId },
  });
  if (child.pid) yieldToServer(child.pid);
  let busy: Busy | undefined;
  let usable = true;
  let isClean = false;
  let complaint = '';

  const killGroup = (signalName: NodeJS.Signals): void => {
    usable = false;
    try {
      if (child.pid) process.kill(-child.pid, signalName);
    } catch {
      // The group is gone.
    }
  };
  /** A process that waits must not keep the server alive. */
  const holdServer = (holds: boolean): void => {
    for (const part of [child, child.channel, child.stderr] as ({ ref?(): void; unref?(): void } | null)[]) {
      if (holds) part?.ref?.();
      else part?.unref?.();
    }
  };

  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  child.on('message', (message: ProgramMessage) => busy?.receive(message));
  child.on('error', ({ message }) =>
    busy?.receive({ type: 'failed', fault: 'infrastructure', code: 'not-started', message }),
  );
  child.on('exit', (_code, signal) => {
    // A process that outlives the program may also keep its pipes open, and 'close' would never come.
    killGroup('SIGKILL');
    if (signal || !isClean) endMarked(RUN_MARK, runId);
  });
  child.on('close', (code, signal) =>
    busy?.closed(signal ? `was ended by ${signal}` : `ended with code ${code}`),
  );

  const run: JobProcess['run'] = (job, stays, { signal, onProgress, onSegment, limits }) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      holdServer(true);
      isClean = false;
      let outcome: ProgramMessage | undefined;
      let material: Material | undefined;
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

      const settle = (how: string): void => {
        busy = undefined;
        stopWatching();
        clearTimeout(killer);
        signal?.removeEventListener('abort', onAbort);
        if (signal?.aborted) reject(signal.reason);
        else if (outcome?.type === 'done') resolve(outcome.result);
        else if (outcome?.type === 'failed')
          reject(new ProgramFailure(outcome.fault, outcome.code, outcome.message));
        else {
          log.warn({ job: job.kind, how, complaint }, 'the render process died');
          reject(new ProgramFailure('infrastructure', 'process-died', `The render process ${how}.`));
        }
      };
      busy = {
        receive: (message) => {
          if (message.type === 'progress') onProgress?.(message);
          else if (message.type === 'segment') onSegment?.(message.segment);
          else if (message.type === 'material') material = message.material;
          else {
            outcome ??= message;
            isClean = true;
            // What failed for no fault of the job may fail again: the next job gets a fresh process.
            if (outcome.type === 'failed' && outcome.fault !== 'input') usable = false;
            if (stays && usable) {
              holdServer(false);
              settle('stayed');
            } else if (stays) killGroup('SIGKILL');
          }
        },
        closed: settle,
      };
      child.send({ job, voices, stays } satisfies ProgramOrder, () => {
        // A process that died before reading is reported by 'close'.
      });
    });

  return {
    run,
    get waits() {
      return usable && !busy && child.connected;
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const closed = new Promise((resolve) => child.once('close', resolve));
      isClean = true;
      killGroup('SIGKILL');
      await closed;
    },
  };
};
