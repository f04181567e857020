import { EngineError } from './engine-error.js';

/** A parameter is out of its range. */
export class ParameterError extends EngineError {
  readonly code = 'parameter';
  readonly fault = 'input';

  constructor(name: string, received: unknown, expected: string, remedy = 'Give a value within that range.') {
    super({
      wrong: `${name} is ${JSON.stringify(received)}.`,
      expected: `${expected} was expected.`,
      remedy,
    });
  }
}
