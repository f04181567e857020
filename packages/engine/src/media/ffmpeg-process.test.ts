import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FfmpegFailedError } from '../errors/ffmpeg-failed-error.js';
import { FfmpegMissingError } from '../errors/ffmpeg-missing-error.js';
import { requireFfmpeg, runFfmpeg, startFfmpeg } from './ffmpeg-process.js';

afterEach(() => {
  delete process.env.FFMPEG_PATH;
});

/** Pictures without end. */
const ENDLESS = ['-f', 'lavfi', '-i', 'testsrc2', '-f', 'rawvideo', 'pipe:1'];

describe('ffmpeg process', () => {
  it('prints the install line when ffmpeg is missing', async () => {
    process.env.FFMPEG_PATH = '/nowhere/ffmpeg';
    await expect(requireFfmpeg()).rejects.toThrow(FfmpegMissingError);
    await expect(requireFfmpeg()).rejects.toThrow('sudo apt-get install -y --no-install-recommends ffmpeg');
  });

  it('refuses an ffmpeg without the encoders', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ffmpeg-test-'));
    const path = join(directory, 'ffmpeg');
    await writeFile(path, '#!/bin/sh\necho " V....D mpeg4  MPEG-4"\n');
    await chmod(path, 0o755);
    process.env.FFMPEG_PATH = path;
    await expect(requireFfmpeg()).rejects.toThrow(/without the encoder libx264/);
    await rm(directory, { recursive: true });
  });

  it('reports what ffmpeg said when it fails', async () => {
    await expect(runFfmpeg(['-i', '/nowhere.mp4', '-f', 'null', '-'])).rejects.toThrow(/No such file/);
    await expect(runFfmpeg(['-i', '/nowhere.mp4', '-f', 'null', '-'])).rejects.toThrow(FfmpegFailedError);
  });

  it('kills ffmpeg when it owes data for too long, not when it waits for us', async () => {
    // Without input, ffmpeg waits on its stdin for ever.
    const waiting = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', '64x64', '-i', 'pipe:0', '-f', 'null', '-'];
    const owing = await startFfmpeg(waiting, { stdin: true, stallSeconds: 0.3 });
    await expect(owing.finished).rejects.toThrow(/no progress for 0.3 s/);

    const idle = await startFfmpeg(waiting, { stdin: true, stallSeconds: 0.3 });
    idle.expectNothing();
    await new Promise((resolve) => setTimeout(resolve, 600));
    idle.stdin.end(Buffer.alloc(64 * 64));
    await idle.finished;
  });

  it('survives writing to an ffmpeg that died', async () => {
    const child = await startFfmpeg(['-f', 'nonsense', '-i', 'pipe:0'], { stdin: true });
    child.stdin.write(Buffer.alloc(10_000_000));
    await expect(child.finished).rejects.toThrow(FfmpegFailedError);
  });

  it('ends at an abort, though it would go on for ever', async () => {
    const controller = new AbortController();
    const child = await startFfmpeg(ENDLESS, { signal: controller.signal });
    child.stdout.once('data', () => controller.abort(new Error('enough')));
    await expect(child.finished).rejects.toThrow('enough');
  });
});
