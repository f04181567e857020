import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** Something answered that does not speak the Open API: a proxy's error page, a wrong base URL. */
export class UnexpectedReplyError extends ChanjingError {
  override readonly name: string = 'UnexpectedReplyError';
  /** HTTP status of the reply. */
  readonly status: number;

  constructor(facts: ErrorFacts, status: number) {
    super(facts);
    this.status = status;
  }
}
