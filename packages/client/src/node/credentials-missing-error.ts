import { ChanjingError } from '../errors/chanjing-error.js';

/** No keys are configured anywhere. */
export class CredentialsMissingError extends ChanjingError {
  override readonly name: string = 'CredentialsMissingError';
  override readonly kind = 'credentials-missing';
  override readonly fault = 'account';
}
