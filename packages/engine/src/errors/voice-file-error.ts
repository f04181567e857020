import { EngineError } from './engine-error.js';

/** A file is not what the catalogue of voices knows: another size or content, or an archive that must not be unpacked. */
export class VoiceFileError extends EngineError {
  readonly code = 'voice-file';
  readonly fault = 'infrastructure';

  constructor(file: string, finding: string, cause?: unknown) {
    super(
      {
        wrong: `"${file}" is no file of a known voice: ${finding}.`,
        expected: 'Expected the file that the catalogue describes; nothing was installed.',
        remedy:
          'Fetch it again, from another mirror if need be. A model of your own needs no installing: give its directory.',
      },
      cause,
    );
  }
}
