import { parseArgs } from 'node:util';
import type { Io } from './io.js';
import type { Bilingual } from './locale.js';
import { UsageError } from './usage-error.js';

/** Values that an option takes; others are refused before anything is done. */
export type Allowed =
  | { readonly numbers: { readonly min?: number; readonly max?: number; readonly multipleOf?: number } }
  | { readonly words: readonly string[] }
  /** Paths of files to make, with these endings. */
  | { readonly endings: readonly string[] };

export type Option = {
  /** Placeholder of the value; absent for switches. */
  readonly value?: string;
  readonly about: Bilingual;
  readonly short?: string;
  /** Words that shells may offer; by default the allowed ones. */
  readonly choices?: readonly string[];
  readonly allowed?: Allowed;
};

export type Options = Readonly<Record<string, Option>>;

/** What was given: values of options, true for switches, and the words that are no option. */
export type Given = {
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
  readonly words: readonly string[];
};

/** How a command is called and what it does. What it is for stands in the table, `commands`. */
export type Command = {
  /** Placeholders of the words, like `<id>`; `[id]` may be left out, `[id]…` at the end given many times. */
  readonly words?: readonly string[];
  readonly options: Options;
  /** Further lines of its help page. */
  readonly notes?: Bilingual;
  /** Time to stop by itself after Ctrl-C, in ms. Default 6000: enough to cancel a task at a server far away. */
  readonly graceMs?: number;
  /** Does the work and returns the exit code. */
  run(given: Given, io: Io): Promise<number>;
  /** Reads its arguments itself, in place of `run`: the scripts of the agent skills, whose arguments are the vendor's. */
  runRaw?(argv: readonly string[], io: Io): Promise<number>;
};

const wrongNumberOfWords = (command: Command, given: number): UsageError => {
  const expected = command.words?.join(' ') || '–';
  return new UsageError({
    en: `Expected ${expected}, got ${given} words.`,
    zh: `需要 ${expected},收到 ${given} 个参数。`,
  });
};

const isNumberWithin = (
  text: string,
  { min = -Infinity, max = Infinity, multipleOf = 0 }: Extract<Allowed, { numbers: unknown }>['numbers'],
): boolean => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const fits = Number.isFinite(value) && value >= min && value <= max;
  return fits && (multipleOf === 0 || value % multipleOf === 0);
};

const isAllowed = (text: string, allowed: Allowed): boolean => {
  if ('numbers' in allowed) return isNumberWithin(text, allowed.numbers);
  if ('words' in allowed) return allowed.words.includes(text);
  return allowed.endings.some((ending) => text.toLowerCase().endsWith(ending));
};

const KINDS: Readonly<Record<number, Bilingual>> = {
  0: { en: 'a number', zh: '数字' },
  1: { en: 'a whole number', zh: '整数' },
  2: { en: 'an even number', zh: '偶数' },
};

const expectationOf = (allowed: Allowed): Bilingual => {
  if ('numbers' in allowed) {
    const { min, max, multipleOf = 0 } = allowed.numbers;
    const { en, zh } = KINDS[multipleOf]!;
    if (min === undefined || max === undefined) return { en, zh };
    return { en: `${en} from ${min} to ${max}`, zh: `${min} 至 ${max} 的${zh}` };
  }
  if ('words' in allowed) {
    const named = allowed.words.filter(Boolean);
    return { en: named.join(' or '), zh: named.join(' 或 ') };
  }
  const endings = allowed.endings;
  return { en: `a path that ends in ${endings.join(' or ')}`, zh: `以 ${endings.join(' 或 ')} 结尾的路径` };
};

const requireAllowed = (name: string, text: string, allowed: Allowed): void => {
  if (isAllowed(text, allowed)) return;
  const { en, zh } = expectationOf(allowed);
  throw new UsageError({
    en: `--${name} is "${text}", but must be ${en}.`,
    zh: `--${name} 为 "${text}",应为${zh}。`,
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
    parsed = parseArgs({ args: [...argv], options, allowPositionals: command.words !== undefined });
  } catch (error) {
    // Node adds advice about positional arguments.
    const said = (error as Error).message.replace(/\. To specify a positional argument.*/s, '');
    const reason = said.replaceAll('\n', ' ').replace(/\.?$/, '.');
    throw new UsageError({ en: reason, zh: `参数错误: ${reason}` });
  }
  const words = parsed.positionals;
  const expected = command.words ?? [];
  const fewest = expected.filter((word) => !word.startsWith('[')).length;
  const most = expected.at(-1)?.endsWith('…') ? Number.POSITIVE_INFINITY : expected.length;
  if (words.length < fewest || words.length > most) throw wrongNumberOfWords(command, words.length);
  const entries = Object.entries(parsed.values);
  for (const [name, value] of entries) {
    const { allowed } = command.options[name]!;
    if (allowed && typeof value === 'string') requireAllowed(name, value, allowed);
  }
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
  throw new UsageError({ en: `--${name} is missing.`, zh: `缺少 --${name}。` });
};

/** The number of an option whose values are allowed numbers, undefined when it is not given. */
export const numberIn = ({ options }: Given, name: string): number | undefined => {
  const text = options[name];
  return text === undefined ? undefined : Number(text);
};
