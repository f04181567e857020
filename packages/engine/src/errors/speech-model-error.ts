import { EngineError } from './engine-error.js';

/** The directory of a speech model lacks what the model needs. */
export class SpeechModelError extends EngineError {
  readonly code = 'speech-model';
  readonly fault = 'infrastructure';

  constructor(directory: string, finding: string) {
    super({
      wrong: `"${directory}" is no usable speech model: ${finding}.`,
      expected: 'Expected the unpacked directory of a model for sherpa-onnx, of any family.',
      remedy:
        'Download one from https://github.com/k2-fsa/sherpa-onnx/releases/tag/tts-models and unpack it.',
    });
  }
}
