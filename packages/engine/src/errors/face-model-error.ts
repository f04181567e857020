import { EngineError } from './engine-error.js';

/** The face models in `@mediapipe/face_mesh` are missing or not the ones this engine was built for. */
export class FaceModelError extends EngineError {
  readonly code = 'face-model';
  readonly fault = 'infrastructure';

  constructor(wrong: string, cause?: unknown) {
    super(
      {
        wrong,
        expected: 'The face models come from the npm package @mediapipe/face_mesh 0.4.1657299874, unchanged.',
        remedy: 'Reinstall it: remove node_modules/@mediapipe and run "npm ci".',
      },
      cause,
    );
  }
}
