import { EngineError } from './engine-error.js';

/** A media file is damaged, cut short, or uses a codec that ffmpeg cannot read. */
export class UnreadableMediaError extends EngineError {
  readonly code = 'media-unreadable';
  readonly fault = 'input';

  constructor(path: string, finding: string, cause?: unknown) {
    super(
      {
        wrong: `"${path}" cannot be read to its end: ${finding}.`,
        expected: 'Expected a complete, undamaged media file.',
        remedy: 'Download or export the file again, or convert it with another program.',
      },
      cause,
    );
  }
}
