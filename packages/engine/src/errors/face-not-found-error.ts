import { EngineError } from './engine-error.js';

/** No frame of the driving video shows a face that a mouth could be drawn on. */
export class FaceNotFoundError extends EngineError {
  constructor(path: string, frames: number) {
    super('face-not-found', {
      wrong: `No face was found in ${path} (${frames} ${frames === 1 ? 'picture' : 'frames'} searched).`,
      expected: 'At least one face turned towards the camera, 40 pixels wide or more, was expected.',
      remedy: 'Use a video or picture in which the person can be seen clearly.',
    });
  }
}
