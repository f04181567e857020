import { ChanjingError } from './chanjing-error.js';

/** An uploaded file was not ready in time. It may be later: ask for it again with its id. */
export class FileNotReadyError extends ChanjingError {
  override readonly name: string = 'FileNotReadyError';
  override readonly kind = 'file-not-ready';
  override readonly fault = 'infrastructure';
}
