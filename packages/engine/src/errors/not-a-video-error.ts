import { EngineError } from './engine-error.js';

/** A file given as driving video holds no picture: not media at all, or only sound. */
export class NotAVideoError extends EngineError {
  readonly code = 'not-a-video';
  readonly fault = 'input';

  /** What was found instead, as part of a sentence. */
  readonly finding: string;

  constructor(path: string, finding: string, cause?: unknown) {
    super(
      {
        wrong: `"${path}" is not a video: ${finding}.`,
        expected:
          'Expected a video (mp4, mov, webm, mkv, avi, mpg, ts, gif) or a still picture (png, jpg, webp).',
        remedy: 'Choose another file, or convert it to mp4 first.',
      },
      cause,
    );
    this.finding = finding;
  }
}
