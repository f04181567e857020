import { EngineError } from './engine-error.js';

/** What was decided about a video cannot be read any more. */
export class BrokenPlanError extends EngineError {
  readonly code = 'broken-plan';
  readonly fault = 'infrastructure';

  constructor(path: string) {
    super({
      wrong: `The plan ${JSON.stringify(path)} is absent, damaged, or of another version.`,
      expected: 'Expected the file that the same version of the engine wrote.',
      remedy: 'Make the video again.',
    });
  }
}
