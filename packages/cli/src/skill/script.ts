import type { Io } from '../command/io.js';

/** `seconds` takes fractions, where the vendor's scripts want whole numbers. */
export type OptionType = 'text' | 'int' | 'float' | 'seconds' | 'switch';

export type ScriptOption = {
  readonly type: OptionType;
  readonly help: string;
  readonly required?: true;
  readonly choices?: readonly string[];
  readonly default?: number;
  /** Other spelling, like `-s`. */
  readonly short?: string;
  /** Not among the options of the vendor's script: an abbreviation means one of those first. */
  readonly ours?: true;
};

/** One script of the agent skills. Names, arguments, output and wording are those that callers of the vendor's rely on. */
export type Script = {
  readonly about: string;
  /** Undefined for scripts that look at no arguments, as the vendor's do not. */
  readonly options: Readonly<Record<string, ScriptOption>> | undefined;
  run(given: Arguments, io: Io): Promise<number>;
};

export type Arguments = Readonly<Record<string, string | number | boolean | undefined>>;

/** The arguments of a script are wrong: exit code 2. The message holds the usage too. */
export class ScriptUsageError extends Error {
  override readonly name: string = 'ScriptUsageError';
}

/** A failure in the words of the vendor's scripts: exit code 1. */
export class ScriptFailure extends Error {
  override readonly name: string = 'ScriptFailure';
}

/** The text of an argument, '' when it is not given. */
export const textIn = (given: Arguments, name: string): string => String(given[name] ?? '');

/** The number of an argument that has a default. */
export const numberIn = (given: Arguments, name: string): number => Number(given[name]);

/** Asked for "at once", a server is still left this long in peace. */
const SHORTEST_INTERVAL_MS = 10;

/** The time between questions, in ms. */
export const intervalIn = (given: Arguments, name: string): number =>
  Math.max(SHORTEST_INTERVAL_MS, numberIn(given, name) * 1000);
