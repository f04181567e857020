import { ServerError } from './errors/server-error.js';
import type { Definition } from './setting-values.js';
import { SETTING_DEFINITIONS, type Settings } from './settings.js';

type SettingSource = 'flag' | 'environment' | 'default';

/** The settings and where each came from. */
export type ReadSettings = { settings: Settings; sources: Record<keyof Settings, SettingSource> };

const NAMES = Object.keys(SETTING_DEFINITIONS) as (keyof Settings)[];

/**
 * A URL may hold a password, before the host (a key may stand there alone) or among its parameters. A password with an
 * unencoded ':', '/' or '@' must not be shown either.
 */
const withoutPassword = (text: string): string =>
  text
    .replace(/^(https?:\/\/).*@/i, '$1***@')
    .replace(/(\/\/[^:@/]*):.*@/, '$1:***@')
    .replace(/(password=)[^&]*/gi, '$1***');

const readOne = <Value>(definition: Definition<Value>, text: string, given: string): Value => {
  const value = definition.read(text);
  if (value !== undefined) return value;
  throw new ServerError('bad-setting', {
    wrong: `${given} is ${JSON.stringify(withoutPassword(text))}.`,
    expected: `Expected ${definition.expected}.`,
    remedy: `It sets the ${definition.about}.`,
  });
};

/**
 * Reads settings from command-line flags (by name without dashes), then the environment, then defaults. An empty
 * environment variable counts as unset. Throws {@link ServerError}.
 */
export const readSettings = (
  flags: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ReadSettings => {
  const settings: Record<string, unknown> = {};
  const sources: Record<string, SettingSource> = {};
  for (const name of NAMES) {
    const definition = SETTING_DEFINITIONS[name] as Definition<unknown>;
    const flag = flags[definition.flag];
    const variable = environment[definition.env] || undefined;
    sources[name] = flag !== undefined ? 'flag' : variable !== undefined ? 'environment' : 'default';
    if (flag !== undefined) settings[name] = readOne(definition, flag, `--${definition.flag}`);
    else if (variable !== undefined) settings[name] = readOne(definition, variable, definition.env);
    else settings[name] = definition.fallback;
  }
  return { settings: settings as Settings, sources: sources as ReadSettings['sources'] };
};

const shown = (name: keyof Settings, value: unknown): string => {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  if (name === 'databaseUrl') return withoutPassword(text) || '(embedded)';
  if ((name === 'speechApiKey' || name === 's3SecretAccessKey') && text) return '***';
  return text || '-';
};

/** One table of every setting: value, where it came from, flag, variable. Passwords are hidden. */
export const settingsTable = ({ settings, sources }: ReadSettings): string => {
  const rows = NAMES.map((name) => {
    const { flag, env } = SETTING_DEFINITIONS[name];
    return [`--${flag}`, env, shown(name, settings[name]), sources[name]];
  });
  const header = ['flag', 'variable', 'value', 'from'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
