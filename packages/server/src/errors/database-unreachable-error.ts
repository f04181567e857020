import { ServerError } from './server-error.js';

/** The database of a running server, or one of the operator's own, does not let us in. */
export class DatabaseUnreachableError extends ServerError {
  constructor(place: { readonly dataDir: string; readonly databaseUrl: string }, cause: unknown) {
    const { message, code } = cause as NodeJS.ErrnoException;
    const reason = message || code || String(cause);
    super(
      'database-unreachable',
      place.databaseUrl
        ? {
            wrong: `The database of DATABASE_URL cannot be reached: ${reason}.`,
            expected: 'Expected a PostgreSQL that runs and lets this user in.',
            remedy: 'Check DATABASE_URL, and start the database.',
          }
        : {
            wrong: `A server uses ${place.dataDir}, but its database cannot be reached: ${reason}.`,
            expected: 'Expected a server that has started, on this machine, of the same user.',
            remedy: 'Try again in a moment, as the user that runs the server and where it runs.',
          },
      cause,
    );
  }
}
