import { ChanjingError } from './chanjing-error.js';

/** No token could be had with these keys, or a fresh token was refused (10400, 10401). */
export class AuthenticationError extends ChanjingError {
  override readonly name: string = 'AuthenticationError';
  override readonly kind = 'authentication';
  override readonly fault = 'account';
}
