import { EngineError } from './engine-error.js';

/** A still picture where only a video will do. */
export class StillPictureError extends EngineError {
  readonly code = 'still-picture';
  readonly fault = 'input';

  constructor(path: string) {
    super({
      wrong: `"${path}" is a still picture.`,
      expected: 'Expected a video of a person.',
      remedy: 'Use an mp4, mov or webm video.',
    });
  }
}
