import type { Progress, Stage } from '@chanjing-avatar/engine';
import type { Failure } from './failure.js';

/** Tells on stderr what happens. */
export type Reporter = {
  progress(progress: Progress): void;
  notice(text: string): void;
  failure(failure: Failure): void;
  /** Leave the terminal tidy. */
  end(): void;
};

export type ReportStyle = 'bar' | 'json' | 'quiet';

const STAGE_NAMES: Record<Stage, string> = {
  speech: 'speech',
  face: 'finding the face',
  plan: 'planning',
  render: 'rendering',
  finish: 'finishing',
};

const BAR_CELLS = 30;
const CLEAR_LINE = '\r\x1b[K';

const percentOf = (fraction: number): number => Math.min(100, Math.floor(fraction * 100));

const printFailure = ({ message }: Failure): void => {
  process.stderr.write(`chanjing-avatar: ${message}\n`);
};

const quietReporter = (): Reporter => ({
  progress() {},
  notice() {},
  failure: printFailure,
  end() {},
});

const jsonReporter = (): Reporter => {
  const write = (event: object): void => {
    process.stderr.write(`${JSON.stringify(event)}\n`);
  };
  let last = '';
  return {
    progress({ stage, fraction }) {
      const percent = percentOf(fraction);
      if (last === `${stage} ${percent}`) return;
      last = `${stage} ${percent}`;
      write({ event: 'progress', stage, percent });
    },
    notice: (text) => write({ event: 'notice', text }),
    failure: ({ code, message }) => write({ event: 'error', code, message }),
    end() {},
  };
};

const barReporter = (): Reporter => {
  const terminal = process.stderr.isTTY;
  let line = '';
  const clear = (): void => {
    if (line) process.stderr.write(CLEAR_LINE);
    line = '';
  };
  return {
    progress({ stage, fraction }) {
      if (!terminal) return;
      const filled = Math.round(fraction * BAR_CELLS);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
      const next = `${bar} ${String(percentOf(fraction)).padStart(3)} % ${STAGE_NAMES[stage]}`;
      if (next !== line) process.stderr.write(CLEAR_LINE + next);
      line = next;
    },
    notice(text) {
      clear();
      process.stderr.write(`note: ${text}\n`);
    },
    failure(failure) {
      clear();
      printFailure(failure);
    },
    end: clear,
  };
};

/** `bar`: a progress bar where stderr is a terminal, else only notices. `quiet`: only failures. */
export const createReporter = (style: ReportStyle): Reporter =>
  style === 'json' ? jsonReporter() : style === 'quiet' ? quietReporter() : barReporter();
