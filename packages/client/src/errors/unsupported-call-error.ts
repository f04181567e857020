import { ChanjingError } from './chanjing-error.js';

/** This server does not have the call; the vendor's cloud lacks the extensions. */
export class UnsupportedCallError extends ChanjingError {
  override readonly name: string = 'UnsupportedCallError';
  override readonly kind = 'unsupported-call';
  override readonly fault = 'input';
}
