import { ChanjingError } from './chanjing-error.js';

/** Too many calls in a minute (40001); nothing was done. `retryAfterMs` says how long to wait, where known. */
export class RateLimitError extends ChanjingError {
  override readonly name: string = 'RateLimitError';
  override readonly kind = 'rate-limit';
  override readonly fault = 'infrastructure';
}
