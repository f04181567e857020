import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** A second of a test picture as an mp4. */
export const testVideo = async (): Promise<Buffer> => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-video-'));
  const file = path.join(directory, 'a.mp4');
  const source = ['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=25:duration=1'];
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...source, '-pix_fmt', 'yuv420p', file]);
  const bytes = await readFile(file);
  await rm(directory, { recursive: true });
  return bytes;
};
