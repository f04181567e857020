import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** The server could not be reached, or the connection broke. */
export class ConnectionError extends ChanjingError {
  override readonly name: string = 'ConnectionError';
  override readonly kind = 'connection';
  override readonly fault = 'infrastructure';
  /** False when it is certain that the server saw nothing of the request. */
  readonly mayHaveArrived: boolean;

  constructor(facts: ErrorFacts, mayHaveArrived: boolean) {
    super(facts);
    this.mayHaveArrived = mayHaveArrived;
  }
}
