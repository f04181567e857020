import { EngineError } from './engine-error.js';

/** A video or recording lasts longer than is allowed. */
export class TooLongError extends EngineError {
  constructor(what: 'video' | 'audio', seconds: number, maxSeconds: number) {
    super('too-long', {
      wrong: `The ${what} is ${Math.ceil(seconds)} s long.`,
      expected: `Expected at most ${maxSeconds} s.`,
      remedy: 'Cut it to that length.',
    });
  }
}
