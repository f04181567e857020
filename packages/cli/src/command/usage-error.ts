import { BilingualError } from './bilingual-error.js';
import type { Bilingual } from './locale.js';

/** The command line makes no sense: exit code 2. */
export class UsageError extends BilingualError {
  override readonly name: string = 'UsageError';

  constructor(text: Bilingual) {
    super(text, 'usage');
  }
}
