import { ServerError } from './server-error.js';

/** The embedded PostgreSQL did not start. */
export class DatabaseStartError extends ServerError {
  constructor(reason: string, logFile: string) {
    super('database-start', {
      wrong: `The embedded PostgreSQL did not start: ${reason.trim() || 'no message'}.`,
      expected: 'A database that answers within a minute.',
      remedy: `Read ${logFile}, or use a database of your own with DATABASE_URL.`,
    });
  }
}
