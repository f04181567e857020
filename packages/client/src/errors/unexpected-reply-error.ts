import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** What a reply is without: the envelope itself, its `data`, or the field that the call is about. */
export type ReplyLack = 'envelope' | 'data' | 'upload URL' | 'access token' | 'result';

/** Something answered that does not speak the Open API: a proxy's error page, a wrong base URL. */
export class UnexpectedReplyError extends ChanjingError {
  override readonly name: string = 'UnexpectedReplyError';
  override readonly kind = 'unexpected-reply';
  override readonly fault = 'infrastructure';
  /** HTTP status of the reply. */
  readonly status: number;
  readonly lacks: ReplyLack;

  constructor(facts: ErrorFacts, status: number, lacks: ReplyLack) {
    super(facts);
    this.status = status;
    this.lacks = lacks;
  }
}
