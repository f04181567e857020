import type { Bilingual, Locale } from './locale.js';
import { localeOf } from './locale.js';

/** How standard error reads: lines for people, JSON lines, or failures only. */
export type Style = 'plain' | 'json' | 'quiet';

type Facts = Readonly<Record<string, unknown>>;

/** What a command may touch of its process. */
export type Io = {
  readonly environment: NodeJS.ProcessEnv;
  readonly locale: Locale;
  readonly style: Style;
  /** True when people read the output. */
  readonly isTerminal: { readonly stdout: boolean; readonly stderr: boolean; readonly stdin: boolean };
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** A line of the result. */
  out(line: string): void;
  /** A line about the work, for people. */
  note(text: string | Bilingual): void;
  /** Something about the work for programs, told in JSON style only. */
  tell(event: { readonly event: string } & Facts): void;
  /** Why the command ends without its result; `facts` are for programs. */
  fail(text: string | Bilingual, facts: { readonly code: string } & Facts): void;
  /** Bytes to standard error as they are, for progress bars. */
  draw(text: string): void;
};

export const EXIT = { ok: 0, failure: 1, usage: 2, authentication: 4, pending: 8 } as const;

/** The style that the arguments of a command ask for. */
export const styleOf = (argv: readonly string[]): Style => {
  if (argv.includes('--json')) return 'json';
  return argv.some((word) => word === '--quiet' || /^-[a-z]*q/.test(word)) ? 'quiet' : 'plain';
};

export const processIo = (signal: AbortSignal, style: Style): Io => {
  const locale = localeOf(process.env);
  // A reader that closes early, like `head`, is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const draw: Io['draw'] = (text) => void process.stderr.write(text);
  const tell: Io['tell'] = (event) => {
    if (style === 'json') draw(`${JSON.stringify(event)}\n`);
  };
  const inLocale = (text: string | Bilingual): string => (typeof text === 'string' ? text : text[locale]);
  return {
    environment: process.env,
    locale,
    style,
    isTerminal: {
      stdout: process.stdout.isTTY === true,
      stderr: process.stderr.isTTY === true,
      stdin: process.stdin.isTTY === true,
    },
    signal,
    out: (line) => void process.stdout.write(`${line}\n`),
    note: (text) => {
      if (style === 'plain') draw(`${inLocale(text)}\n`);
      tell({ event: 'notice', text: inLocale(text) });
    },
    tell,
    fail: (text, facts) => {
      if (style !== 'json') draw(`${inLocale(text)}\n`);
      tell({ event: 'error', ...facts, message: inLocale(text) });
    },
    draw,
  };
};
