import { EngineError } from './engine-error.js';

/** No voice of this name can be installed, or is installed. */
export class UnknownVoicePackError extends EngineError {
  readonly code = 'unknown-voice-pack';
  readonly fault = 'input';

  constructor(name: string, known: readonly string[], place: 'catalogue' | 'installed') {
    super({
      wrong:
        place === 'catalogue' ? `No voice "${name}" can be installed.` : `No voice "${name}" is installed.`,
      expected: `Expected one of: ${known.join(', ') || 'none'}.`,
      remedy: 'See them with "voices available".',
    });
  }
}
