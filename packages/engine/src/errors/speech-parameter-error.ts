import { EngineError } from './engine-error.js';

/** Speed or pitch of the speech is outside its range. */
export class SpeechParameterError extends EngineError {
  readonly code = 'speech-parameter';
  readonly fault = 'input';

  constructor(name: 'speed' | 'pitch', value: number, low: number, high: number) {
    super({
      wrong: `The ${name} of the speech is ${value}.`,
      expected: `Expected a number from ${low} to ${high}; 1 is the voice's own ${name}.`,
      remedy: `Choose a ${name} within the range.`,
    });
  }
}
