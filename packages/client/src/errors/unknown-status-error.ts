import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** The server reports a state that this SDK does not know, so it cannot tell whether waiting makes sense. */
export class UnknownStatusError extends ChanjingError {
  override readonly name: string = 'UnknownStatusError';
  override readonly kind = 'unknown-status';
  override readonly fault = 'infrastructure';
  readonly of: 'file' | 'task' | 'speech task';
  readonly status: unknown;
  /** The server's own words, '' when it gave none. */
  readonly reason: string;

  constructor(facts: ErrorFacts, of: 'file' | 'task' | 'speech task', status: unknown, reason: string) {
    super(facts);
    this.of = of;
    this.status = status;
    this.reason = reason;
  }
}
