import type { Bilingual } from './locale.js';

/** A failure in the languages of the command line. */
export class BilingualError extends Error {
  override readonly name: string = 'BilingualError';
  readonly text: Bilingual;

  constructor(text: Bilingual) {
    super(text.en);
    this.text = text;
  }
}
