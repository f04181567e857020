import { ChanjingError } from './chanjing-error.js';

/** A speech task ended with an error. */
export class SpeechFailedError extends ChanjingError {
  override readonly name: string = 'SpeechFailedError';
  override readonly kind = 'speech-failed';
  override readonly fault = 'input';
}
