#!/usr/bin/env node
import { createRequire } from 'node:module';
import { isServerCommand } from './cloud/commands.js';
import { HELP } from './help.js';
import { interruptionSignal } from './interruption.js';
import { createReporter, type Reporter } from './reporter.js';
import { UsageError } from './usage-error.js';

const printVersion = (): void => {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  process.stdout.write(`${version}\n`);
};

/** The commands are loaded when they are called: help need not wait for the engine. */
const runCommand = async (
  [command, ...args]: readonly string[],
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> => {
  if (args.includes('--help')) process.stdout.write(HELP);
  else if (command === 'lipsync')
    await (await import('./lipsync-command.js')).lipSyncCommand(args, reporter, signal);
  else if (command === 'voices') await (await import('./voices-command.js')).voicesCommand(args, signal);
  else if (command === 'demo') await (await import('./demo-command.js')).demoCommand(args, reporter, signal);
  else if (command === '--version') printVersion();
  else if (command === '--help' || command === '-h' || command === 'help') process.stdout.write(HELP);
  else
    throw new UsageError(
      command ? `There is no command "${command}".` : 'Give a command, for example lipsync or run.',
    );
};

const main = async (args: readonly string[]): Promise<number> => {
  if (isServerCommand(args)) {
    const { runServerCommand } = await import('./cloud/run-command.js');
    return runServerCommand(args);
  }
  const reporter = createReporter(
    args.includes('--json') ? 'json' : args.includes('--quiet') ? 'quiet' : 'bar',
  );
  const signal = interruptionSignal();
  try {
    await runCommand(args, reporter, signal);
    return 0;
  } catch (error) {
    const { failureOf } = await import('./failure.js');
    const failure = failureOf(signal.aborted ? signal.reason : error);
    reporter.failure(failure);
    return failure.exitCode;
  }
};

process.exit(await main(process.argv.slice(2)));
