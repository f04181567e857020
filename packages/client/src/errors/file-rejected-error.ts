import { ChanjingError } from './chanjing-error.js';

/** An uploaded file cannot be used: rejected (98), deleted (99) or purged (100). */
export class FileRejectedError extends ChanjingError {
  override readonly name: string = 'FileRejectedError';
}
