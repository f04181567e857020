import { EngineError } from './engine-error.js';

/** A file given as speech holds no sound that can be decoded. */
export class NoSpeechTrackError extends EngineError {
  readonly code = 'no-speech-track';
  readonly fault = 'input';

  constructor(path: string, finding: string, cause?: unknown) {
    super(
      {
        wrong: `"${path}" holds no speech: ${finding}.`,
        expected:
          'Expected an audio file (mp3, m4a, wav, flac, ogg, aac, aiff, caf, amr) or a video with sound.',
        remedy: 'Choose another file, or give the words as text.',
      },
      cause,
    );
  }
}
