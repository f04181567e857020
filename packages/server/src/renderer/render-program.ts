import { fileURLToPath } from 'node:url';
import type { VoiceSettings } from '@chanjing-avatar/engine';
import type { Logger } from 'pino';
import { type JobProcess, type RunOptions, startJobProcess } from './job-process.js';
import type { ProgramJob, ProgramResults } from './messages.js';

type JobOf<Kind extends ProgramJob['kind']> = Extract<ProgramJob, { kind: Kind }>;

/** Does jobs in processes of their own. */
export type RenderProgram = {
  /** Throws {@link ProgramFailure}, or the signal's reason when aborted. */
  run<Kind extends ProgramJob['kind']>(job: JobOf<Kind>, options?: RunOptions): Promise<ProgramResults[Kind]>;
  /** Ends the processes that wait for work. */
  close(): Promise<void>;
};

const DEFAULT_PROGRAM: string = fileURLToPath(new URL('program.js', import.meta.url));

/** A process that read a text waits so long for the next one: it has the voice's model loaded. */
const WAIT_MS = 300_000;
/** More than so many do not wait: each may hold a gigabyte. */
const MOST_WAITING = 2;

type Waiting = {
  readonly process: JobProcess;
  /** Who spoke there last. */
  readonly voice: string | undefined;
  readonly timer: NodeJS.Timeout;
};

/**
 * A process per render and per check. Those that read texts stay for a while: loading a model takes longer than a
 * sentence. None of them ever does two jobs at a time, so that what one may use, and what it breaks, is its own.
 */
export const renderProgram = (
  workDir: string,
  log: Logger,
  voices: VoiceSettings,
  program: string = DEFAULT_PROGRAM,
): RenderProgram => {
  let waiting: Waiting[] = [];

  const remove = (entry: Waiting): JobProcess => {
    clearTimeout(entry.timer);
    waiting = waiting.filter((other) => other !== entry);
    return entry.process;
  };

  /** The process in which this voice spoke last, or another one, or a new one. */
  const take = (voice: string | undefined): JobProcess => {
    for (const entry of waiting.filter((other) => !other.process.waits)) remove(entry);
    const entry = waiting.findLast((other) => other.voice === voice) ?? waiting.at(-1);
    return entry ? remove(entry) : startJobProcess({ workDir, log, voices, program });
  };

  const keep = (process: JobProcess, voice: string | undefined): void => {
    const entry: Waiting = {
      process,
      voice,
      timer: setTimeout(() => void remove(entry).end(), WAIT_MS).unref(),
    };
    waiting.push(entry);
    if (waiting.length > MOST_WAITING) void remove(waiting[0]!).end();
  };

  const run: RenderProgram['run'] = async (job, options = {}) => {
    const { kind, voice } = job as { kind: ProgramJob['kind']; voice?: string };
    const stays = kind === 'speak' || kind === 'voices';
    const process = stays ? take(voice) : startJobProcess({ workDir, log, voices, program });
    try {
      return (await process.run(job, stays, options)) as never;
    } finally {
      if (process.waits) keep(process, voice);
    }
  };

  return {
    run,
    close: async () => {
      await Promise.all(waiting.map((entry) => remove(entry).end()));
    },
  };
};
