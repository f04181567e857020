import type { Bilingual } from './locale.js';

/** A failure in the languages of the command line. The message says what to do. */
export class BilingualError extends Error {
  override readonly name: string = 'BilingualError';
  readonly text: Bilingual;
  /** Stable name, for programs. */
  readonly code: string;

  constructor(text: Bilingual, code = 'failed', cause?: unknown) {
    super(text.en, { cause });
    this.text = text;
    this.code = code;
  }
}
