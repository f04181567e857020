import { EngineError } from './engine-error.js';

/** A video or recording lasts longer than is allowed. */
export class TooLongError extends EngineError {
  readonly code = 'too-long';
  readonly fault = 'input';

  /** @param seconds undefined when nobody counted to the end */
  constructor(what: 'video' | 'audio', seconds: number | undefined, maxSeconds: number) {
    super({
      wrong:
        seconds === undefined ? `The ${what} is too long.` : `The ${what} is ${Math.ceil(seconds)} s long.`,
      expected: `Expected at most ${maxSeconds} s.`,
      remedy: 'Cut it to that length.',
    });
  }
}
