import { ChanjingError } from '../errors/chanjing-error.js';

/** A local file to upload is missing, unreadable, empty, or no file. */
export class SourceFileError extends ChanjingError {
  override readonly name: string = 'SourceFileError';
  readonly path: string;

  constructor(path: string, wrong: string) {
    super({ msg: `${wrong}: ${path}`, remedy: 'Pass the path of a readable media file.' });
    this.path = path;
  }
}
