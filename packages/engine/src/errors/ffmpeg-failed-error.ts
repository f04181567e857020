import { EngineError } from './engine-error.js';

/** ffmpeg ended with an error or stopped answering, for a reason that has no failure of its own. */
export class FfmpegFailedError extends EngineError {
  readonly code = 'ffmpeg-failed';
  readonly fault = 'infrastructure';

  /** The last lines that ffmpeg wrote about it. */
  readonly stderr: string;

  constructor(finding: string, stderr: string, cause?: unknown) {
    const said = stderr.trim();
    super(
      {
        wrong: `ffmpeg failed: ${finding}${said ? ` (${said.split('\n').slice(-3).join(' | ')})` : ''}.`,
        expected: 'Expected it to finish its work.',
        remedy: 'Try again; if it happens again, report it together with the file.',
      },
      cause,
    );
    this.stderr = said;
  }
}
