import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** The storage did not take the bytes of a file: it answers 200 or 204 when it did. */
export class UploadRefusedError extends ChanjingError {
  override readonly name: string = 'UploadRefusedError';
  override readonly kind = 'upload-refused';
  override readonly fault = 'infrastructure';
  /** HTTP status of the PUT. */
  readonly status: number;
  /** The storage's own words, '' when it gave none. */
  readonly reason: string;

  constructor(facts: ErrorFacts, status: number, reason: string) {
    super(facts);
    this.status = status;
    this.reason = reason;
  }
}
