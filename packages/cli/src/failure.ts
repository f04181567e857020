import { EngineError } from '@chanjing-avatar/engine';
import { CommandError } from './command-error.js';
import { Interruption } from './interruption.js';
import { UsageError } from './usage-error.js';

/** How a command ended when it did not end well. */
export type Failure = {
  /** Stable name, for machines. */
  readonly code: string;
  readonly message: string;
  /** 1 failed, 2 wrong usage, 130 interrupted. */
  readonly exitCode: number;
};

/** Say what an error means to the person at the terminal. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof Interruption)
    return { code: 'interrupted', message: error.message, exitCode: error.exitCode };
  if (error instanceof UsageError)
    return { code: 'usage', message: `${error.message} See "chanjing-avatar --help".`, exitCode: 2 };
  if (error instanceof CommandError) return { code: error.code, message: error.message, exitCode: 1 };
  if (error instanceof EngineError)
    return { code: error.code, message: error.message, exitCode: error.code === 'parameter' ? 2 : 1 };
  const said = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message: `Something unexpected went wrong: ${said}`, exitCode: 1 };
};
