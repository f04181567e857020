import { EngineError } from './engine-error.js';

/** A file of a known format that is not read here. */
export class UnsupportedFormatError extends EngineError {
  readonly code = 'format-not-read';
  readonly fault = 'input';

  /** @param format with its article, for example `a HEIC photo` */
  constructor(path: string, format: string, remedy: string, cause?: unknown) {
    super(
      {
        wrong: `"${path}" is ${format}, which cannot be read here.`,
        expected:
          'Expected a video (mp4, mov, webm, mkv, avi, mpg, ts, gif), a still picture (png, jpg, webp) or sound (mp3, m4a, wav, flac, ogg, aac, aiff, caf, amr).',
        remedy,
      },
      cause,
    );
  }
}
