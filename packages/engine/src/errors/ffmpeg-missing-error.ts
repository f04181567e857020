import { EngineError } from './engine-error.js';

/** ffmpeg or ffprobe does not run, or was built without the encoders that are needed. */
export class FfmpegMissingError extends EngineError {
  readonly code = 'ffmpeg-missing';
  readonly fault = 'infrastructure';

  constructor(finding: string, cause?: unknown) {
    super(
      {
        wrong: `${finding}.`,
        expected: 'Expected ffmpeg and ffprobe 5.1 or newer with libx264 and aac.',
        remedy:
          'Install it: "sudo apt-get install -y --no-install-recommends ffmpeg" (Debian, Ubuntu), ' +
          '"brew install ffmpeg" (macOS), "winget install Gyan.FFmpeg" (Windows), ' +
          'or set FFMPEG_PATH and FFPROBE_PATH to the programs.',
      },
      cause,
    );
  }
}
