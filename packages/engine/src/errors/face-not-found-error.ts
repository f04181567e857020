import { EngineError } from './engine-error.js';

/** No frame of the driving video shows a face that a mouth could be drawn on. */
export class FaceNotFoundError extends EngineError {
  readonly code = 'face-not-found';
  readonly fault = 'input';

  constructor(wrong: string) {
    super({
      wrong,
      expected:
        'A face must be visible from the front, at least about 40 pixels wide, with its mouth uncovered.',
      remedy: 'Use another video or picture, or cut this one to where such a face is seen.',
    });
  }
}
