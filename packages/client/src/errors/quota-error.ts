import { ChanjingError } from './chanjing-error.js';

/** A quota is used up (40002). */
export class QuotaError extends ChanjingError {
  override readonly name: string = 'QuotaError';
  override readonly kind = 'quota';
  override readonly fault = 'account';
}
