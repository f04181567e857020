import { EngineError } from './engine-error.js';

/** The weights of the speech net are missing or damaged. */
export class SpeechNetError extends EngineError {
  readonly code = 'speech-net';
  readonly fault = 'infrastructure';

  constructor(wrong: string, cause?: unknown) {
    super(
      {
        wrong,
        expected: 'The weights come with the package @chanjing-avatar/engine, in its folder "weights".',
        remedy: 'Reinstall the package; in a checkout, run "git checkout packages/engine/weights".',
      },
      cause,
    );
  }
}
