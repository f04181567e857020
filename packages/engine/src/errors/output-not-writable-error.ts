import { EngineError } from './engine-error.js';

/** A file that was asked for cannot be written where it was asked for. */
export class OutputNotWritableError extends EngineError {
  readonly code = 'output-not-writable';
  readonly fault = 'input';

  constructor(path: string, finding: string, cause?: unknown) {
    super(
      {
        wrong: `"${path}" cannot be written: ${finding}.`,
        expected: 'Expected a path in an existing directory that you may write to.',
        remedy: 'Create the directory, change its permissions, or choose another path.',
      },
      cause,
    );
  }
}
