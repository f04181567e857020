import { Interruption } from '../interruption.js';

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Aborts on Ctrl-C or a request to terminate, and leaves the server its time to stop. A second one ends at once. */
export const stopSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interruption(exitCode));
    });
  }
  return controller.signal;
};
