import { EngineError } from './engine-error.js';

/** A file that was named does not exist, is a directory or may not be read. */
export class MissingFileError extends EngineError {
  readonly code = 'file-missing';
  readonly fault = 'input';

  constructor(path: string, cause?: unknown) {
    super(
      {
        wrong: `There is no readable file at "${path}".`,
        expected: 'Expected the path of an existing media file.',
        remedy: 'Check the path and the permissions of the file.',
      },
      cause,
    );
  }
}
