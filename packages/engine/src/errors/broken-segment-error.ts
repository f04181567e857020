import { EngineError } from './engine-error.js';

/** A segment of a video is not what was made for it. */
export class BrokenSegmentError extends EngineError {
  readonly code = 'broken-segment';
  readonly fault = 'infrastructure';

  constructor(path: string, finding: string, cause?: unknown) {
    super(
      {
        wrong: `The segment ${JSON.stringify(path)} cannot be joined: ${finding}.`,
        expected: 'Expected every segment of the video as one version of the engine made it.',
        remedy: 'Make the video again.',
      },
      cause,
    );
  }
}
