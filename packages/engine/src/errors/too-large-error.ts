import { EngineError } from './engine-error.js';

/** A picture has more pixels than are ever decoded. */
export class TooLargeError extends EngineError {
  readonly code = 'picture-too-large';
  readonly fault = 'input';

  constructor(path: string, width: number, height: number, maxPixels: number) {
    super({
      wrong: `The picture of "${path}" is ${width}x${height} pixels.`,
      expected: `Expected at most ${maxPixels / 1e6} million pixels (8K video).`,
      remedy: 'Scale it down first.',
    });
  }
}
