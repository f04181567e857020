import { EngineError } from './engine-error.js';

/** There was no space left to write a file. */
export class DiskFullError extends EngineError {
  readonly code = 'disk-full';
  readonly fault = 'infrastructure';

  constructor(
    path: string,
    cause?: unknown,
    expected = 'Expected space for the finished file, twice while its index is moved to the front.',
  ) {
    super(
      {
        wrong: `The disk was full before "${path}" was finished.`,
        expected,
        remedy: 'Free some space or choose another disk; nothing half-written was left.',
      },
      cause,
    );
  }
}
