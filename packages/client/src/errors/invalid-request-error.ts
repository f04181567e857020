import { ChanjingError } from './chanjing-error.js';

/** The server refused a parameter (400, 40000), or knows no such id. `msg` names the field. */
export class InvalidRequestError extends ChanjingError {
  override readonly name: string = 'InvalidRequestError';
  override readonly kind = 'invalid-request';
  override readonly fault = 'input';
}
