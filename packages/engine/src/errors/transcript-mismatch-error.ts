import { EngineError } from './engine-error.js';

/** Subtitles were asked for, but the words cannot be found in the recording. */
export class TranscriptMismatchError extends EngineError {
  readonly code = 'transcript-mismatch';
  readonly fault = 'input';

  constructor(finding: string, remedy: string) {
    super({
      wrong: `There are no times for the subtitles: ${finding}.`,
      expected: 'Expected a transcript with just the words of the recording, in order.',
      remedy: `${remedy} Or leave the subtitles out: the mouth can follow the sound alone.`,
    });
  }
}
