import { EngineError } from './engine-error.js';

/** The face models are missing. */
export class FaceModelError extends EngineError {
  readonly code = 'face-model';
  readonly fault = 'infrastructure';

  constructor(wrong: string, cause?: unknown) {
    super(
      {
        wrong,
        expected: 'They come with the package @chanjing-avatar/engine, in its folder "weights".',
        remedy: 'Reinstall the package; in a checkout, run "git checkout packages/engine/weights".',
      },
      cause,
    );
  }
}
