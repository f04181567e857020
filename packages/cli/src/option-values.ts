import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './usage-error.js';

/** Values of the command line, as parseArgs gives them. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** Read the options of a command, which takes no other words. @throws UsageError */
export const parseOptions = (
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
): OptionValues => {
  try {
    return parseArgs({ args: [...args], options }).values as OptionValues;
  } catch (error) {
    // Node adds advice about positional arguments, which no command takes.
    const said = (error as Error).message.replace(/\. To specify a positional argument.*/s, '');
    throw new UsageError(said.replaceAll('\n', ' ').replace(/\.?$/, '.'));
  }
};

const refuse = (name: string, received: string, allowed: string): never => {
  throw new UsageError(`--${name} is "${received}", but must be ${allowed}.`);
};

export const textOption = (values: OptionValues, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

/** @throws UsageError when it is missing or empty */
export const requiredOption = (values: OptionValues, name: string, meaning: string): string => {
  const value = textOption(values, name);
  if (!value) throw new UsageError(`--${name} is missing: ${meaning}.`);
  return value;
};

/** A number within limits, or undefined when it was not given. @throws UsageError */
export const numberOption = (
  values: OptionValues,
  name: string,
  limits: { readonly from: number; readonly to: number; readonly multipleOf?: number },
): number | undefined => {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  const { from, to, multipleOf } = limits;
  const kind = multipleOf === 2 ? 'an even number' : multipleOf === 1 ? 'a whole number' : 'a number';
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= from && value <= to) || (multipleOf !== undefined && value % multipleOf !== 0))
    return refuse(name, text, `${kind} from ${from} to ${to}`);
  return value;
};

/** One of a few words, or undefined when it was not given. @throws UsageError */
export const choiceOption = <Choice extends string>(
  values: OptionValues,
  name: string,
  choices: readonly Choice[],
): Choice | undefined => {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  return choices.find((choice) => choice === text) ?? refuse(name, text, choices.join(' or '));
};

/** The path of a file to make, with the ending of what will be in it. @throws UsageError */
export const outputOption = (
  values: OptionValues,
  name: string,
  endings: readonly string[],
): string | undefined => {
  const path = textOption(values, name);
  if (path === undefined) return undefined;
  const fits = endings.some((ending) => path.toLowerCase().endsWith(ending));
  return fits ? path : refuse(name, path, `a path that ends in ${endings.join(' or ')}`);
};
