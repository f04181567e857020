import { EngineError } from './engine-error.js';

/** The text to be spoken holds nothing that can be said. */
export class EmptyTextError extends EngineError {
  readonly code = 'empty-text';
  readonly fault = 'input';

  constructor(text: string) {
    super({
      wrong:
        text.trim() === ''
          ? 'The text is empty.'
          : `The text "${text.trim().slice(0, 40)}" has nothing to say.`,
      expected: 'Expected words or numbers; emoji, markup and punctuation alone cannot be spoken.',
      remedy: 'Write what shall be said.',
    });
  }
}
