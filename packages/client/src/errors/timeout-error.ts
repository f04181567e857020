import { ChanjingError } from './chanjing-error.js';

/** No complete reply within `timeoutMs`. */
export class TimeoutError extends ChanjingError {
  override readonly name: string = 'TimeoutError';
  override readonly kind = 'timeout';
  override readonly fault = 'infrastructure';
}
