import { BilingualError } from './bilingual-error.js';

/** The command line makes no sense. */
export class UsageError extends BilingualError {
  override readonly name: string = 'UsageError';
}
