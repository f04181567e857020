/** Why a signal aborted the work. */
export class Interruption extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('Interrupted.');
    this.exitCode = exitCode;
  }
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * A signal that aborts on Ctrl-C and on a request to terminate. Work that has not stopped by itself after `graceMs` (which
 * may be infinite) is cut off; a second Ctrl-C ends at once.
 */
export const interruptionSignal = (graceMs: number): AbortSignal => {
  const controller = new AbortController();
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interruption(exitCode));
      // Exit handlers of the engine still remove files and child processes.
      if (Number.isFinite(graceMs)) setTimeout(() => process.exit(exitCode), graceMs).unref();
    });
  }
  return controller.signal;
};
