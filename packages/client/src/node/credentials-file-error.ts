import { ChanjingError } from '../errors/chanjing-error.js';

/** The credentials file cannot be used: broken, unreadable, or locked by a process that does not let go. */
export class CredentialsFileError extends ChanjingError {
  override readonly name: string = 'CredentialsFileError';
  override readonly kind = 'credentials-file';
  override readonly fault = 'account';
}
