import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import type { Frame } from '../picture/frame.js';
import { type DecodeOptions, decodeVideo } from './decode-video.js';
import { makeMedia, numberedSource, readNumber } from './numbered-video.test.fixture.js';
import { probe } from './probe.js';
import { findSeekPoints } from './seek-points.js';

let directory: string;
const at = (name: string): string => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'decode-video-test-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const SMALL = { width: 160, height: 96 };

const numbersOf = async (name: string, options: DecodeOptions): Promise<number[]> => {
  const numbers: number[] = [];
  for await (const frame of decodeVideo(at(name), options)) numbers.push(readNumber(frame));
  return numbers;
};

const firstFrame = async (name: string, size: { width: number; height: number }): Promise<Frame> => {
  for await (const frame of decodeVideo(at(name), { ...size, fps: 25, count: 1 })) return frame;
  throw new Error('no frame');
};

/** Luma, U and V at a place given as shares of the width and height. */
const pixelAt = ({ data, width, height }: Frame, x: number, y: number): [number, number, number] => {
  const column = Math.floor(x * width);
  const row = Math.floor(y * height);
  const chroma = (row >> 1) * (width / 2) + (column >> 1);
  const luma = width * height;
  return [data[row * width + column], data[luma + chroma], data[luma + luma / 4 + chroma]];
};

const expectColour = (actual: readonly number[], expected: readonly number[], tolerance = 4): void => {
  for (const [index, value] of expected.entries())
    expect(Math.abs(actual[index] - value), `${actual} instead of ${expected}`).toBeLessThanOrEqual(
      tolerance,
    );
};

/** Red in bt709, limited range. */
const RED = [63, 102, 240] as const;
const LOSSLESS = ['-c:v', 'libx264', '-qp', '0', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

/** Left half red, right half black. */
const redLeft = (size: string): string[] => [
  '-f',
  'lavfi',
  '-i',
  `color=red:s=${size}:r=25:d=0.2,drawbox=x=iw/2:c=black:t=fill`,
];

const ffmpegChildren = (): number => {
  const own = execFileSync('ps', ['-o', 'comm=', '--ppid', String(process.pid)]).toString();
  return own.split('\n').filter((name) => name.startsWith('ffmpeg')).length;
};

describe('decodeVideo', () => {
  it('puts 29.97 pictures a second on a grid of 25', async () => {
    await makeMedia(...numberedSource(60, '30000/1001'), '-qp', '10', at('ntsc.mp4'));
    const numbers = await numbersOf('ntsc.mp4', { ...SMALL, fps: 25 });
    expect(numbers).toHaveLength(50);
    for (const [place, number] of numbers.entries())
      expect(Math.abs(number - (place * 30000) / 1001 / 25)).toBeLessThan(1.2);
  });

  it('begins with the first picture when the sound begins earlier', async () => {
    await makeMedia(
      ...['-itsoffset', '0.3', '-i', at('ntsc.mp4'), '-f', 'lavfi', '-i', 'sine=d=2'],
      ...['-map', '0', '-map', '1', '-c:v', 'copy', '-c:a', 'aac', at('late.mp4')],
    );
    const numbers = await numbersOf('late.mp4', { ...SMALL, fps: 30000 / 1001 });
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, index) => index));
  });

  it('gives a stretch of frames, where the caller wants them', async () => {
    const slots = new Map<number, Uint8Array>();
    const into = (index: number): Uint8Array => {
      slots.set(index, new Uint8Array((160 * 96 * 3) / 2));
      return slots.get(index)!;
    };
    const options = { ...SMALL, fps: 30000 / 1001, start: 20, count: 3, into };
    expect(await numbersOf('ntsc.mp4', options)).toEqual([20, 21, 22]);
    expect([...slots.keys()]).toEqual([20, 21, 22]);
  });

  it('yields one frame of a still picture', async () => {
    await makeMedia(...redLeft('101x75'), '-frames:v', '1', at('still.png'));
    const frames: number[] = [];
    for await (const frame of decodeVideo(at('still.png'), { width: 100, height: 74, fps: 25 })) {
      frames.push(frame.data.length);
      expectColour(pixelAt(frame, 0.25, 0.5), RED);
    }
    expect(frames).toEqual([(100 * 74 * 3) / 2]);
  });

  it('fills the frame by cropping from the centre, undistorted', async () => {
    // A circle's box: the red square of 80 pixels amid 320x80 stays square.
    await makeMedia(
      '-f',
      'lavfi',
      '-i',
      'color=black:s=320x80:r=25:d=0.2,drawbox=x=120:w=80:c=red:t=fill',
      ...LOSSLESS,
      at('wide.mp4'),
    );
    const frame = await firstFrame('wide.mp4', { width: 160, height: 80 });
    expectColour(pixelAt(frame, 0.5, 0.5), RED);
    expectColour(pixelAt(frame, 0.23, 0.5), [16, 128, 128]);
    expectColour(pixelAt(frame, 0.27, 0.5), RED);
    expectColour(pixelAt(frame, 0.73, 0.5), RED);
  });

  it('turns pictures upright and makes pixels square', async () => {
    await makeMedia(...redLeft('160x80'), '-vf', 'setsar=2', ...LOSSLESS, at('flat.mp4'));
    await makeMedia('-i', at('flat.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4'));
    expectColour(pixelAt(await firstFrame('flat.mp4', { width: 320, height: 80 }), 0.25, 0.5), RED);
    const upright = await firstFrame('turned.mp4', { width: 80, height: 320 });
    const ends = [pixelAt(upright, 0.5, 0.1), pixelAt(upright, 0.5, 0.9)].map(([luma]) => luma > 40);
    expect(ends.toSorted()).toEqual([false, true]);
  });

  it('converts bt601, full range and HDR pictures to bt709 limited range', async () => {
    const to = (matrix: string, range: string, tag: string): string[] => [
      ...['-vf', `scale=out_color_matrix=${matrix}:out_range=${range},format=yuv420p`],
      ...[...LOSSLESS, '-colorspace', tag, '-color_range', range],
    ];
    await makeMedia(...redLeft('160x96'), ...to('bt601', 'tv', 'smpte170m'), at('bt601.mp4'));
    await makeMedia(...redLeft('160x96'), ...to('bt709', 'pc', 'bt709'), at('full.mp4'));
    expectColour(pixelAt(await firstFrame('bt601.mp4', SMALL), 0.25, 0.5), RED);
    expectColour(pixelAt(await firstFrame('full.mp4', SMALL), 0.25, 0.5), RED);
    expectColour(pixelAt(await firstFrame('full.mp4', SMALL), 0.75, 0.5), [16, 128, 128]);
  });

  it('tone-maps HDR pictures, keeping bright saturated colours bright', async () => {
    const pq = ['-colorspace', 'bt2020nc', '-color_primaries', 'bt2020', '-color_trc', 'smpte2084'];
    const toHdr = [
      '-vf',
      'scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le',
      '-c:v',
      'libx264',
      '-qp',
      '4',
    ];
    const grey = 'color=0x808080:s=160x96:r=25:d=0.2,drawbox=x=iw/2:c=0xC04040:t=fill';
    await makeMedia('-f', 'lavfi', '-i', grey, ...toHdr, ...pq, at('pq.mp4'));
    const frame = await firstFrame('pq.mp4', SMALL);
    // Half signal in PQ is 92 of 10000 nits, about the white of a dim screen; taken for SDR it would be 126.
    const [luma, u, v] = pixelAt(frame, 0.25, 0.5);
    expectColour([u, v], [128, 128]);
    expect(luma).toBeGreaterThan(135);
    expect(luma).toBeLessThan(180);
    expectColour(pixelAt(frame, 0.75, 0.5), RED, 12);
  });

  it('says how much of a truncated video could be read', async () => {
    await makeMedia(
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x240:r=25:d=4',
      '-movflags',
      '+faststart',
      at('whole.mp4'),
    );
    await makeMedia('-i', at('whole.mp4'), '-c', 'copy', '-movflags', '+faststart', at('half.mp4'));
    await truncate(at('half.mp4'), Math.floor((await stat(at('half.mp4'))).size / 2));
    let frames = 0;
    const read = async (): Promise<void> => {
      for await (const _ of decodeVideo(at('half.mp4'), { width: 320, height: 240, fps: 25 })) frames += 1;
    };
    await expect(read()).rejects.toThrow(/only \d\.\d of 4\.0 s/);
    await expect(read()).rejects.toThrow(UnreadableMediaError);
    expect(frames).toBeGreaterThan(20);
  });

  it('tolerates a missing tail of less than half a second', async () => {
    await makeMedia('-i', at('whole.mp4'), '-c', 'copy', '-movflags', '+faststart', at('nearly.mp4'));
    await truncate(at('nearly.mp4'), Math.floor((await stat(at('nearly.mp4'))).size * 0.97));
    const frames: number[] = [];
    for await (const { data } of decodeVideo(at('nearly.mp4'), { width: 320, height: 240, fps: 25 }))
      frames.push(data[0]);
    expect(frames.length).toBeGreaterThan(87);
  });

  it('leaves no process behind when the caller stops early or aborts', async () => {
    for await (const _ of decodeVideo(at('whole.mp4'), { width: 320, height: 240, fps: 25 })) break;
    expect(ffmpegChildren()).toBe(0);
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      const options = { width: 320, height: 240, fps: 25, signal: controller.signal };
      for await (const _ of decodeVideo(at('whole.mp4'), options)) controller.abort(new Error('enough'));
    };
    await expect(read()).rejects.toThrow('enough');
    expect(ffmpegChildren()).toBe(0);
  });
});

describe('decodeVideo of a fast or slow video', () => {
  const shownOf = async (name: string, frames: number, rate: string, fps: number): Promise<number[]> => {
    // The source rounds fast rates: its pictures are timed anew.
    const [n, d = '1'] = rate.split('/');
    const timed = ['-vf', `settb=${d}/${n},setpts=N`, '-r', rate];
    await makeMedia(...numberedSource(frames, '50'), ...timed, '-qp', '10', at(name));
    return numbersOf(name, { ...SMALL, fps });
  };

  it.each([
    ['120000/1001', 'mkv', 60000 / 1001],
    ['100', 'mp4', 50],
    ['120', 'mp4', 60],
    ['75', 'mkv', 37.5],
  ])('takes every other picture of %s a second in %s', async (rate, container, fps) => {
    const shown = await shownOf(`fast.${container}`, 200, rate, fps);
    expect(shown).toEqual(Array.from({ length: 100 }, (_, index) => 2 * index));
    const points = await findSeekPoints(at(`fast.${container}`), await probe(at(`fast.${container}`)));
    const later = { ...SMALL, fps, start: 71, count: 3, seekPoints: points };
    expect(await numbersOf(`fast.${container}`, later)).toEqual([142, 144, 146]);
  });

  it.each([
    ['24000/1001', 'mkv'],
    ['48000/1001', 'mp4'],
    ['12', 'avi'],
    ['10', 'mp4'],
  ])('shows each picture of %s a second in %s once', async (rate, container) => {
    const [n, d = 1] = rate.split('/').map(Number);
    const shown = await shownOf(`own.${container}`, 100, rate, n / d);
    expect(shown).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it('shows each picture of 5 a second five times', async () => {
    const shown = await shownOf('slow.mkv', 10, '5', 25);
    expect(shown).toEqual(Array.from({ length: 50 }, (_, index) => Math.floor(index / 5)));
  });
});
