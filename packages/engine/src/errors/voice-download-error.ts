import { EngineError } from './engine-error.js';

/** A file of a voice could not be fetched. What has come of it is kept, so that the next try goes on from there. */
export class VoiceDownloadError extends EngineError {
  readonly code = 'voice-download';
  readonly fault = 'infrastructure';

  constructor(url: string, finding: string, cause?: unknown) {
    super(
      {
        wrong: `"${url}" could not be fetched: ${finding}.`,
        expected: 'Expected the whole file; nothing was installed.',
        remedy:
          'Run the same command again, it goes on where it stopped; or fetch that file elsewhere and give its path instead of the name.',
      },
      cause,
    );
  }
}
