import type { ArgumentOptions } from 'argparse';
import { ArgumentParser } from 'argparse';
import type { Arguments, OptionType, Script, ScriptOption } from './script.js';
import { ScriptUsageError } from './script.js';

// The vendor's scripts read their arguments with Python's argparse, abbreviations and all; this is its port.

/** The help page was asked for. */
export class HelpWanted extends Error {
  override readonly name: string = 'HelpWanted';
}

/** Ends by throwing, where argparse would end the process. */
class ScriptParser extends ArgumentParser {
  override print_help(): void {
    throw new HelpWanted(this.format_help().trimEnd());
  }

  override error(message: string): never {
    throw new ScriptUsageError(`${this.format_usage()}${this.prog}: error: ${message}`);
  }
}

// argparse names the type in its message: these have the names of Python's.
const READERS = {
  int: (text: string): number => {
    if (!/^\s*[+-]?\d+(_\d+)*\s*$/.test(text)) throw new TypeError(text);
    return Number(text.replaceAll('_', ''));
  },
  float: (text: string): number => {
    const value = Number(text.replaceAll(/(?<=\d)_(?=\d)/g, ''));
    // Neither hexadecimal numbers nor infinity, which JSON cannot carry.
    if (!/^[\s\d.e_+-]+$/i.test(text) || text.trim() === '' || !Number.isFinite(value)) {
      throw new TypeError(text);
    }
    return value;
  },
} as const;

const SECONDS = {
  int: (text: string): number => {
    if (!/^\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*$/.test(text)) throw new TypeError(text);
    return Number(text);
  },
} as const;

const TYPES: Readonly<Record<OptionType, ArgumentOptions>> = {
  text: {},
  int: { type: READERS.int },
  float: { type: READERS.float },
  seconds: { type: SECONDS.int },
  switch: { action: 'store_true' },
};

const addOption = (parser: ArgumentParser, name: string, option: ScriptOption): void => {
  const { type, help, required, choices, short } = option;
  const shown = option.default === undefined ? help : `${help} (${option.default})`;
  const settings: ArgumentOptions = {
    ...TYPES[type],
    help: shown,
    dest: name,
    ...(type === 'switch' ? {} : { metavar: name.toUpperCase().replaceAll('-', '_') }),
    ...(required ? { required } : {}),
    ...(choices ? { choices: [...choices] } : {}),
    ...(option.default === undefined ? {} : { default: option.default }),
  };
  parser.add_argument(`--${name}`, ...(short ? [short] : []), settings);
};

/**
 * Writes abbreviations of the vendor's options out, as if ours were not there: `--v` stays `--video-file-id`. What is left
 * is argparse's to read.
 */
const writtenOut = (script: Script, argv: readonly string[], parser: ScriptParser): string[] => {
  const all = Object.entries(script.options ?? {});
  const names = ['--help', ...all.map(([name]) => `--${name}`)];
  const vendors = ['--help', ...all.filter(([, { ours }]) => !ours).map(([name]) => `--${name}`)];
  const end = argv.indexOf('--');
  return argv.map((word, index) => {
    const name = word.split('=', 1)[0]!;
    const isOption = word.startsWith('--') && word !== '--' && (end < 0 || index < end);
    if (!isOption || names.includes(name)) return word;
    const meant = vendors.filter((one) => one.startsWith(name));
    if (meant.length > 1) return parser.error(`ambiguous option: ${word} could match ${meant.join(', ')}`);
    return meant.length === 1 ? meant[0] + word.slice(name.length) : word;
  });
};

/** Reads the arguments of a script. Throws {@link ScriptUsageError}, {@link HelpWanted}. */
export const scriptArguments = (name: string, script: Script, argv: readonly string[]): Arguments => {
  const parser = new ScriptParser({ prog: `${name}.py`, description: script.about, color: false });
  if (!script.options) {
    if (argv.includes('--help') || argv.includes('-h')) parser.print_help();
    return {};
  }
  for (const [option, settings] of Object.entries(script.options)) addOption(parser, option, settings);
  const given = parser.parse_args<Record<string, unknown>>(writtenOut(script, argv, parser));
  return given as Arguments;
};
