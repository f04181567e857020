import type { Bilingual, Locale } from './locale.js';
import { localeOf } from './locale.js';

/** What a command may touch of its process. */
export type Io = {
  readonly environment: NodeJS.ProcessEnv;
  readonly locale: Locale;
  /** True when people read the output. */
  readonly isTerminal: { readonly stdout: boolean; readonly stderr: boolean; readonly stdin: boolean };
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** A line of the result. */
  out(line: string): void;
  /** A line about the work, for people. */
  note(text: string | Bilingual): void;
  /** Bytes to standard error as they are, for progress bars. */
  draw(text: string): void;
};

export const EXIT = { ok: 0, failure: 1, usage: 2, authentication: 4, pending: 8 } as const;

export const processIo = (signal: AbortSignal): Io => {
  const locale = localeOf(process.env);
  // A reader that closes early, like `head`, is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    environment: process.env,
    locale,
    isTerminal: {
      stdout: process.stdout.isTTY === true,
      stderr: process.stderr.isTTY === true,
      stdin: process.stdin.isTTY === true,
    },
    signal,
    out: (line) => void process.stdout.write(`${line}\n`),
    note: (text) => void process.stderr.write(`${typeof text === 'string' ? text : text[locale]}\n`),
    draw: (text) => void process.stderr.write(text),
  };
};
