import { ChanjingError } from '../errors/chanjing-error.js';

/** What is wrong with a local file. */
export type SourceFileFlaw = 'missing' | 'not a file' | 'empty' | 'unreadable';

const WORDS: Readonly<Record<SourceFileFlaw, string>> = {
  missing: 'No such file',
  'not a file': 'Not a file',
  empty: 'The file is empty',
  unreadable: 'The file may not be read',
};

/** A local file to upload is missing, unreadable, empty, or no file. */
export class SourceFileError extends ChanjingError {
  override readonly name: string = 'SourceFileError';
  override readonly kind = 'source-file';
  override readonly fault = 'input';
  readonly path: string;
  readonly flaw: SourceFileFlaw;

  constructor(path: string, flaw: SourceFileFlaw) {
    super({ msg: `${WORDS[flaw]}: ${path}`, remedy: 'Pass the path of a readable media file.' });
    this.path = path;
    this.flaw = flaw;
  }
}
