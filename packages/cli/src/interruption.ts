/** Why a signal aborted the work. */
export class Interruption extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('Interrupted; nothing was written.');
    this.exitCode = exitCode;
  }
}

/** How long the work may take to stop by itself before it is cut off. */
const GRACE_MS = 700;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that aborts on Ctrl-C and on a request to terminate. A second Ctrl-C ends at once. */
export const interruptionSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interruption(exitCode));
      // Exit handlers of the engine still remove files and child processes.
      setTimeout(() => process.exit(exitCode), GRACE_MS).unref();
    });
  }
  return controller.signal;
};
