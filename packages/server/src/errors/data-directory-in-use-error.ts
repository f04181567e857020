import { ServerError } from './server-error.js';

/** Another server runs on the same data directory. */
export class DataDirectoryInUseError extends ServerError {
  constructor(directory: string, pid: number | undefined) {
    super('data-directory-in-use', {
      wrong: `Another chanjing-avatar server${pid ? ` (process ${pid})` : ''} uses ${directory}.`,
      expected: 'One data directory belongs to one server.',
      remedy: 'Stop that server, or give this one another directory with --data-dir.',
    });
  }
}
