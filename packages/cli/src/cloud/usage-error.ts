import type { Bilingual } from './locale.js';

/** The command line makes no sense. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly text: Bilingual;

  constructor(text: Bilingual) {
    super(text.en);
    this.text = text;
  }
}
