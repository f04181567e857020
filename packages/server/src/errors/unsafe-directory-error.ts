import { ServerError } from './server-error.js';

/** Something that other users of the machine control stands where a directory of the server's own has to be. */
export class UnsafeDirectoryError extends ServerError {
  constructor(directory: string, reason: string) {
    super('unsafe-directory', {
      wrong: `${directory} cannot be used: ${reason}.`,
      expected: 'Expected a directory that belongs to the user of the server, and no link.',
      remedy: 'Remove it, or choose another place with --data-dir (TMPDIR for directories of sockets).',
    });
  }
}
