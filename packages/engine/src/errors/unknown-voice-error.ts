import { EngineError } from './engine-error.js';

/** No voice has the id or name that was asked for. */
export class UnknownVoiceError extends EngineError {
  readonly code = 'unknown-voice';
  readonly fault = 'input';

  /** Names and ids that come near, best first. */
  readonly near: readonly string[];

  constructor(wanted: string, near: readonly string[]) {
    super({
      wrong: `There is no voice "${wanted}".`,
      expected: 'Expected the id or the name of a voice of the catalogue.',
      remedy: near.length > 0 ? `Did you mean: ${near.join('; ')}?` : 'List the voices and choose one.',
    });
    this.near = near;
  }
}
