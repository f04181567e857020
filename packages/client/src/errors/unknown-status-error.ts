import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** The server reports a state that this SDK does not know, so it cannot tell whether waiting makes sense. */
export class UnknownStatusError extends ChanjingError {
  override readonly name: string = 'UnknownStatusError';
  readonly status: unknown;

  constructor(facts: ErrorFacts, status: unknown) {
    super(facts);
    this.status = status;
  }
}
