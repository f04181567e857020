import { parseArgs } from 'node:util';
import type { Io } from '../cloud/io.js';

/** One script of the agent skills. Names, arguments, output and wording are those that callers of the vendor's rely on. */
export type Script = {
  /** Shown by --help and with wrong arguments. */
  readonly usage: string;
  readonly options: Readonly<Record<string, 'text' | 'switch'>>;
  readonly required?: readonly string[];
  run(given: Arguments, io: Io): Promise<number>;
};

export type Arguments = Readonly<Record<string, string | true | undefined>>;

/** The arguments of a script are wrong: exit code 2. */
export class ScriptUsageError extends Error {
  override readonly name: string = 'ScriptUsageError';
}

/** A failure in the words of the vendor's scripts: exit code 1. */
export class ScriptFailure extends Error {
  override readonly name: string = 'ScriptFailure';
}

/** Reads the arguments of a script. Throws {@link ScriptUsageError}. */
export const scriptArguments = (script: Script, argv: readonly string[]): Arguments => {
  const options = Object.fromEntries(
    Object.entries(script.options).map(([name, kind]) => [
      name,
      { type: kind === 'text' ? ('string' as const) : ('boolean' as const) },
    ]),
  );
  let values: Arguments;
  try {
    values = parseArgs({ args: [...argv], options, allowPositionals: false }).values as Arguments;
  } catch (error) {
    throw new ScriptUsageError((error as Error).message);
  }
  const missing = (script.required ?? []).filter((name) => values[name] === undefined);
  if (missing.length > 0)
    throw new ScriptUsageError(`缺少参数: ${missing.map((name) => `--${name}`).join(', ')}`);
  return values;
};

/** The text of an argument. */
export const textIn = (given: Arguments, name: string): string => String(given[name] ?? '');

const LONGEST_SECONDS = 86_400;

/** The seconds of an argument, from `least` to a day, in ms. Throws {@link ScriptUsageError}. */
export const millisecondsIn = (
  given: Arguments,
  name: string,
  { fallback, least }: { fallback: number; least: number },
): number => {
  const seconds = numberIn(given, name, fallback);
  if (seconds >= least && seconds <= LONGEST_SECONDS) return seconds * 1000;
  throw new ScriptUsageError(`--${name} 应为 ${least} 至 ${LONGEST_SECONDS} 秒,收到 ${seconds}`);
};

/** The number of an argument, or `fallback`. Throws {@link ScriptUsageError}. */
export const numberIn = <Fallback extends number | undefined>(
  given: Arguments,
  name: string,
  fallback: Fallback,
): number | Fallback => {
  const text = given[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (String(text).trim() === '' || !Number.isFinite(value)) {
    throw new ScriptUsageError(`--${name} 应为数字,收到 ${JSON.stringify(text)}`);
  }
  return value;
};
