import { parseArgs } from 'node:util';
import type { Io } from './io.js';
import type { Bilingual, Locale } from './locale.js';
import { UsageError } from './usage-error.js';

export type Option = {
  /** Placeholder of the value; absent for switches. */
  readonly value?: string;
  readonly about: Bilingual;
  readonly short?: string;
  /** Words that shells may offer. */
  readonly choices?: readonly string[];
};

/** What was given: values of options, true for switches, and the words that are no option. */
export type Given = {
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
  readonly words: readonly string[];
};

export type Command = {
  readonly summary: Bilingual;
  /** Placeholders of the words, like `<id>`; `[id]` may be left out. */
  readonly words?: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** Does the work and returns the exit code. */
  run(given: Given, io: Io): Promise<number>;
};

const wrongNumberOfWords = (command: Command, given: number): UsageError => {
  const expected = command.words?.join(' ') || '–';
  return new UsageError({
    en: `Expected ${expected}, got ${given} words.`,
    zh: `需要 ${expected},收到 ${given} 个参数。`,
  });
};

/** Reads the arguments of a command. Throws {@link UsageError}. */
export const readArguments = (command: Command, argv: readonly string[]): Given => {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { value, short }]) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const), ...(short ? { short } : {}) },
    ]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    const reason = (error as Error).message;
    throw new UsageError({ en: reason, zh: `参数错误: ${reason}` });
  }
  const words = parsed.positionals;
  const expected = command.words ?? [];
  const fewest = expected.filter((word) => !word.startsWith('[')).length;
  if (words.length < fewest || words.length > expected.length)
    throw wrongNumberOfWords(command, words.length);
  const entries = Object.entries(parsed.values);
  return {
    options: Object.fromEntries(entries.filter(([, value]) => typeof value === 'string')) as Given['options'],
    switches: new Set(entries.filter(([, value]) => value === true).map(([name]) => name)),
    words,
  };
};

/** The value of an option that must be given. Throws {@link UsageError}. */
export const required = ({ options }: Given, name: string): string => {
  const value = options[name];
  if (value) return value;
  throw new UsageError({ en: `--${name} is required.`, zh: `缺少 --${name}。` });
};

export type Limits = { readonly from: number; readonly to: number };

const ANY_NUMBER: Limits = { from: -Infinity, to: Infinity };

/** The number of an option, undefined when it is not given. Throws {@link UsageError}. */
export const numberIn = (
  { options }: Given,
  name: string,
  limits: Limits = ANY_NUMBER,
): number | undefined => {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  const { from, to } = limits;
  if (text.trim() !== '' && Number.isFinite(value) && value >= from && value <= to) return value;
  const [within, inZh] = limits === ANY_NUMBER ? ['', ''] : [` from ${from} to ${to}`, `(${from} 至 ${to})`];
  throw new UsageError({
    en: `--${name}: received ${JSON.stringify(text)}, expected a number${within}.`,
    zh: `--${name}: 收到 ${JSON.stringify(text)},应为数字${inZh}。`,
  });
};

const optionRow = (name: string, { value, short }: Option): string =>
  `${short ? `-${short}, ` : '    '}--${name}${value ? ` <${value}>` : ''}`;

/** The help page of a command. */
export const helpOf = (name: string, command: Command, locale: Locale): string => {
  const rows = Object.entries(command.options).map(([key, option]) => [
    optionRow(key, option),
    option.about[locale],
  ]);
  const width = Math.max(0, ...rows.map(([left]) => left!.length));
  const words = command.words ? ` ${command.words.join(' ')}` : '';
  const usage = `chanjing-avatar ${name}${words}${rows.length > 0 ? ' [options]' : ''}`;
  const lines = rows.map(([left, about]) => `  ${left!.padEnd(width)}  ${about}`);
  return [command.summary[locale], '', `  ${usage}`, ...(lines.length > 0 ? ['', ...lines] : [])].join('\n');
};
