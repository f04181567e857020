import { readArguments } from './command.js';
import { commandNamed } from './commands.js';
import { reportFailure } from './failure.js';
import { helpOf } from './help.js';
import { interruptionSignal } from './interruption.js';
import { EXIT, processIo, styleOf } from './io.js';

/** Enough to cancel a task at a server far away. */
const GRACE_MS = 6000;

const wantsHelp = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).some((word) => word === '--help' || word === '-h');
};

/** Runs a command; never throws. Returns the exit code, undefined when there is no such command. */
export const runCommand = async (name: string, argv: readonly string[]): Promise<number | undefined> => {
  const command = await commandNamed(name)?.load();
  if (!command) return undefined;
  const io = processIo(
    interruptionSignal(command.graceMs ?? GRACE_MS),
    command.runRaw ? 'plain' : styleOf(argv),
  );
  if (command.runRaw) return command.runRaw(argv, io);
  if (wantsHelp(argv)) {
    io.out(helpOf(name, command, io.locale));
    return EXIT.ok;
  }
  try {
    return await command.run(readArguments(command, argv), io);
  } catch (error) {
    return reportFailure(error, name, io);
  }
};
