import { EngineError } from './engine-error.js';

/** The program or server that speaks did not start, stopped, hung, or answered nonsense. */
export class VoiceFailedError extends EngineError {
  readonly code = 'voice-failed';
  readonly fault = 'infrastructure';

  constructor(provider: string, finding: string, remedy: string, cause?: unknown) {
    super(
      {
        wrong: `The voice provider "${provider}" failed: ${finding}.`,
        expected: 'Expected it to answer with speech.',
        remedy,
      },
      cause,
    );
  }
}
