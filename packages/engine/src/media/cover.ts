import type { Frame } from '../picture/frame.js';
import { bufferOver, startFfmpeg } from './ffmpeg-process.js';
import type { Size } from './fit-cover.js';
import { type OutputFile, writeFailure } from './output-file.js';

/** mjpeg's quantiser, 2 (best) to 31. */
const JPEG_QUANTISER = '2';

/**
 * Write a frame as a jpg of exactly this size; the caller commits the file.
 * @throws OutputNotWritableError, DiskFullError, FfmpegMissingError
 */
export const writeCover = async (
  { path, partPath }: OutputFile,
  frame: Frame,
  output: Size,
  signal?: AbortSignal,
): Promise<void> => {
  try {
    // JPEG files are bt601 and full range by definition.
    const colour = 'in_color_matrix=bt709:in_range=tv:out_color_matrix=bt601:out_range=pc';
    const child = await startFfmpeg(
      [
        ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${frame.width}x${frame.height}`, '-i', 'pipe:0'],
        ...['-vf', `scale=${output.width}:${output.height}:flags=bicubic:${colour},format=yuvj420p`],
        ...['-frames:v', '1', '-q:v', JPEG_QUANTISER, '-f', 'mjpeg', '-y', `file:${partPath}`],
      ],
      { signal, stdin: true },
    );
    child.stdout.resume();
    child.stdin.end(bufferOver(frame.data));
    await child.finished;
  } catch (error) {
    throw writeFailure(path, error);
  }
};
