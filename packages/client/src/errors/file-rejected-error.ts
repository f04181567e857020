import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** An uploaded file cannot be used: rejected (98), deleted (99) or purged (100). */
export class FileRejectedError extends ChanjingError {
  override readonly name: string = 'FileRejectedError';
  override readonly kind = 'file-rejected';
  override readonly fault = 'input';
  readonly status: number;
  /** The server's own words, '' when it gave none. */
  readonly reason: string;
  /** The reason as a literal name such as `face-not-found`; '' where the server gave none. */
  readonly flaw: string;

  constructor(facts: ErrorFacts, status: number, reason: string, flaw = '') {
    super(facts);
    this.status = status;
    this.reason = reason;
    this.flaw = flaw;
  }
}
