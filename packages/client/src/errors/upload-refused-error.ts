import { ChanjingError, type ErrorFacts } from './chanjing-error.js';

/** The storage refused the bytes of a file. */
export class UploadRefusedError extends ChanjingError {
  override readonly name: string = 'UploadRefusedError';
  /** HTTP status of the PUT. */
  readonly status: number;

  constructor(facts: ErrorFacts, status: number) {
    super(facts);
    this.status = status;
  }
}
