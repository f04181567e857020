#!/usr/bin/env node
import { createRequire } from 'node:module';
import { localeOf } from './command/locale.js';

const versionOf = (): string =>
  (createRequire(import.meta.url)('../package.json') as { version: string }).version;

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h' || word === 'help';

const unknown = (name: string | undefined): string => {
  const isZh = localeOf(process.env) === 'zh';
  if (!name) return isZh ? '请给出命令,如 lipsync 或 run。' : 'Give a command, for example lipsync or run.';
  return isZh ? `没有命令 "${name}"。` : `There is no command "${name}".`;
};

const main = async ([name, ...argv]: readonly string[]): Promise<number> => {
  if (isHelp(name)) {
    const { mainHelp } = await import('./command/help.js');
    process.stdout.write(`${mainHelp(localeOf(process.env))}\n`);
    return 0;
  }
  if (name === '--version') {
    process.stdout.write(`${versionOf()}\n`);
    return 0;
  }
  const { runCommand } = await import('./command/run-command.js');
  const exitCode = name === undefined ? undefined : await runCommand(name, argv);
  if (exitCode !== undefined) return exitCode;
  process.stderr.write(`${unknown(name)} See: chanjing-avatar --help\n`);
  return 2;
};

process.exit(await main(process.argv.slice(2)));
