import { interruptionSignal } from '../interruption.js';
import { stopSignal } from '../serve/stop-signal.js';
import { helpOf, readArguments } from './command.js';
import { commands } from './commands.js';
import { reportFailure } from './failure.js';
import type { Io } from './io.js';
import { EXIT, processIo, styleOf } from './io.js';
import { UsageError } from './usage-error.js';

/** Enough to cancel a task at a server far away. */
const GRACE_MS = 6000;

const wantsHelp = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).some((word) => word === '--help' || word === '-h');
};

/** Runs one of {@link commands}; never throws. Returns the exit code. */
const runCommand = async (name: string, argv: readonly string[], io: Io): Promise<number> => {
  const command = await commands[name]!();
  if (wantsHelp(argv)) {
    io.out(helpOf(name, command, io.locale));
    return EXIT.ok;
  }
  try {
    return await command.run(readArguments(command, argv), io);
  } catch (error) {
    const code = reportFailure(error, io);
    if (error instanceof UsageError) {
      io.note({ en: `See: chanjing-avatar ${name} --help`, zh: `参见: chanjing-avatar ${name} --help` });
    }
    return code;
  }
};

/** Runs a command about servers, or a script of the agent skills. Returns the exit code. */
export const runServerCommand = async ([name = '', ...argv]: readonly string[]): Promise<number> => {
  const signal = name === 'serve' ? stopSignal() : interruptionSignal(GRACE_MS);
  if (name !== 'skill') return runCommand(name, argv, processIo(signal, styleOf(argv)));
  const { runSkill } = await import('../skill/run-skill.js');
  return runSkill(argv[0] ?? '', argv.slice(1), processIo(signal, 'plain'));
};
