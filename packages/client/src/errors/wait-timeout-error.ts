import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** The time to wait is over and the work is not. It goes on at the server: wait again with the same id. */
export class WaitTimeoutError extends ChanjingError {
  override readonly name: string = 'WaitTimeoutError';
  override readonly kind = 'wait-timeout';
  override readonly fault = 'infrastructure';
  readonly id: string;

  constructor(facts: ErrorFacts, id: string) {
    super(facts);
    this.id = id;
  }
}
