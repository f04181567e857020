import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** What is known of a request to make something, to look for it among the tasks. */
export type UnknownOutcome = {
  /** Unix time in seconds at which it was first sent: a task it made has a `create_time` at or after this. */
  readonly sentAt: number;
  /** Sent as `Idempotency-Key`; repeating the create with it is safe on servers that know the header. */
  readonly idempotencyKey: string;
};

/**
 * A create was sent and no reply came: it may have made a task, and repeating it might pay twice. Look for the task
 * with `lipSync.list()` before creating again.
 */
export class OutcomeUnknownError extends ChanjingError {
  override readonly name: string = 'OutcomeUnknownError';
  override readonly kind = 'outcome-unknown';
  override readonly fault = 'infrastructure';
  readonly outcome: UnknownOutcome;

  constructor(facts: ErrorFacts, outcome: UnknownOutcome) {
    super(facts);
    this.outcome = outcome;
  }
}
