import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiskFullError } from '../errors/disk-full-error.js';
import { OutputNotWritableError } from '../errors/output-not-writable-error.js';
import { aigcMetadata, createAigcLabel } from '../label/aigc.js';
import { frameBytes } from '../picture/frame.js';
import { decodeAudio } from './decode-audio.js';
import { decodeVideo } from './decode-video.js';
import { type EncodeOptions, encodeVideo } from './encode-video.js';
import { soundOfSamples } from './sound.js';

const run = promisify(execFile);

let directory: string;
const at = (name: string): string => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'encode-video-test-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const SIZE = { width: 160, height: 96 };
const FPS = 30000 / 1001;

type FileDescription = {
  format: { duration: string; tags: Record<string, string> };
  streams: Record<string, unknown>[];
};

const describeFile = async (path: string): Promise<FileDescription> => {
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-of',
    'json',
    '-show_format',
    '-show_streams',
    path,
  ]);
  return JSON.parse(stdout);
};

const noise = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, () => Math.random() * 256);

/** Write grey frames, brighter from one to the next. */
const writeAll = async (path: string, options: EncodeOptions): Promise<void> => {
  const encoder = await encodeVideo(path, options);
  const data = new Uint8Array(
    new SharedArrayBuffer(frameBytes(options.working.width, options.working.height)),
  );
  try {
    for (let index = 0; index < options.frameCount; index += 1) {
      data.fill(128).fill(20 + index * 2, 0, options.working.width * options.working.height);
      await encoder.write({ ...options.working, data });
    }
    await encoder.finish();
  } finally {
    await encoder.abort();
  }
};

describe('encodeVideo', () => {
  it('writes the promised kind of mp4, exactly as long as its frames', async () => {
    const samples = new Float32Array(16000).fill(0).map((_, index) => Math.sin(index / 5) / 2);
    const label = createAigcLabel();
    await writeAll(at('out.mp4'), {
      working: SIZE,
      output: { width: 320, height: 192 },
      fps: FPS,
      frameCount: 60,
      audio: { sound: soundOfSamples(samples, 16000), volume: 50 },
      metadata: aigcMetadata(label),
    });
    const { format, streams } = await describeFile(at('out.mp4'));
    expect(streams[0]).toMatchObject({
      codec_name: 'h264',
      profile: 'High',
      pix_fmt: 'yuv420p',
      width: 320,
      height: 192,
      avg_frame_rate: '30000/1001',
      nb_frames: '60',
      color_range: 'tv',
      color_space: 'bt709',
      color_transfer: 'bt709',
      color_primaries: 'bt709',
    });
    expect(streams[1]).toMatchObject({ codec_name: 'aac', sample_rate: '48000' });
    expect(Number(format.duration)).toBeCloseTo(60 / FPS, 2);
    expect(Number(streams[1].duration)).toBeCloseTo(60 / FPS, 2);
    expect(JSON.parse(format.tags.AIGC)).toEqual(label);
    expect(format.tags.comment).toMatch(/AI-generated/);
    const head = execFileSync('head', ['-c', '64', at('out.mp4')]).toString('latin1');
    expect(head).toContain('moov');
  });

  it('keeps picture and sound, the sound at the volume asked for and followed by silence', async () => {
    const lumas: number[] = [];
    for await (const { data } of decodeVideo(at('out.mp4'), { width: 320, height: 192, fps: FPS }))
      lumas.push(data[0]);
    expect(lumas).toHaveLength(60);
    for (const [index, luma] of lumas.entries())
      expect(Math.abs(luma - (20 + index * 2))).toBeLessThanOrEqual(2);
    const sound = await decodeAudio(at('out.mp4'), 16000);
    expect(Math.max(...sound.subarray(4000, 12000))).toBeCloseTo(0.25, 1);
    expect(Math.max(...sound.subarray(18000, 30000))).toBeLessThan(0.01);
  });

  it('leaves nothing behind when it is aborted', async () => {
    const controller = new AbortController();
    const encoder = await encodeVideo(at('aborted.mp4'), {
      working: SIZE,
      output: SIZE,
      fps: 25,
      frameCount: 100,
      signal: controller.signal,
    });
    await encoder.write({ ...SIZE, data: noise(frameBytes(SIZE.width, SIZE.height)) });
    controller.abort(new Error('enough'));
    await expect(encoder.finish()).rejects.toThrow('enough');
    await encoder.abort();
    expect((await readdir(directory)).filter((name) => name.startsWith('aborted'))).toEqual([]);
  });

  it('removes the parts that killed processes left beside the file', async () => {
    const dead = execFileSync('sh', ['-c', 'echo $$']).toString().trim();
    await writeFile(at(`again.mp4.${dead}-1.part`), 'half a video');
    await writeAll(at('again.mp4'), { working: SIZE, output: SIZE, fps: 25, frameCount: 2 });
    expect((await readdir(directory)).filter((name) => name.startsWith('again'))).toEqual(['again.mp4']);
  });

  it('says why a file cannot be written', async () => {
    const options = { working: SIZE, output: SIZE, fps: 25, frameCount: 1 };
    await expect(encodeVideo(at('nowhere/out.mp4'), options)).rejects.toThrow(OutputNotWritableError);
    await expect(encodeVideo(at('nowhere/out.mp4'), options)).rejects.toThrow(/directory does not exist/);
    await expect(encodeVideo(directory, options)).rejects.toThrow(/is a directory/);
  });

  const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
  it.runIf(mayMount).each([
    ['in the middle', 99, '400k'],
    ['in its last bytes', 3, '8k'],
  ])('says that the disk is full %s and leaves nothing there', async (_, frameCount, space) => {
    const disk = at('disk');
    await mkdir(disk, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${space}`, 'tmpfs', disk]);
    try {
      const size = { width: 640, height: 480 };
      const encoder = await encodeVideo(join(disk, 'out.mp4'), {
        working: size,
        output: size,
        fps: 25,
        frameCount,
      });
      const frame = { ...size, data: noise(frameBytes(size.width, size.height)) };
      const write = async (): Promise<void> => {
        for (let index = 0; index < frameCount; index += 1) await encoder.write(frame);
        await encoder.finish();
      };
      await expect(write()).rejects.toThrow(DiskFullError);
      await encoder.abort();
      expect(await readdir(disk)).toEqual([]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
