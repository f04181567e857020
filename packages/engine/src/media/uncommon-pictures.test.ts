import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnsupportedFormatError } from '../errors/unsupported-format-error.js';
import type { Frame } from '../picture/frame.js';
import { decodeAudio } from './decode-audio.js';
import { decodeVideo } from './decode-video.js';
import { probe } from './probe.js';
import { isTransparent } from './transparency.js';
import { ffmpeg } from './webcam-clip.test.fixture.js';

const SIZE = { width: 160, height: 96 };
let directory: string;
const at = (name: string): string => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'uncommon-pictures-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

const framesOf = async (name: string, background?: string): Promise<Frame[]> => {
  const frames: Frame[] = [];
  for await (const frame of decodeVideo(at(name), { ...SIZE, fps: 10, background }))
    frames.push({ ...frame, data: frame.data.slice() });
  return frames;
};

const lumaAt = ({ data, width, height }: Frame, x: number, y: number): number =>
  data[Math.floor(y * height) * width + Math.floor(x * width)];

/** A grey picture, the left half of which is transparent; hidden there is a striped one. */
const CUT_OUT = [
  ...[
    '-f',
    'lavfi',
    '-i',
    `color=gray:s=160x96:r=10:d=0.5,drawgrid=w=8:h=8:t=4:c=red,drawbox=x=80:c=gray:t=fill`,
  ],
  ...['-vf', "format=gbrap,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*gte(X,80)'"],
];
const VIDEO_CUT_OUT = (format: string): string[] => [
  ...CUT_OUT.slice(0, -1),
  `${CUT_OUT.at(-1)},format=${format}`,
];
const PALETTE = `${CUT_OUT.at(-1)},split[a][b];[a]palettegen=reserve_transparent=1[p];[b][p]paletteuse`;

describe('a transparent picture', () => {
  it.each([
    ['png', [...CUT_OUT, '-frames:v', '1']],
    [
      'png with a palette',
      [...CUT_OUT.slice(0, -1), PALETTE, '-frames:v', '1', '-f', 'image2', '-c:v', 'png'],
    ],
    ['webp', [...CUT_OUT, '-frames:v', '1', '-c:v', 'libwebp', '-lossless', '1']],
    ['gif', [...CUT_OUT.slice(0, -1), PALETTE]],
    ['apng', [...CUT_OUT, '-f', 'apng']],
    ['webm of VP8', [...VIDEO_CUT_OUT('yuva420p'), '-c:v', 'libvpx', '-auto-alt-ref', '0', '-b:v', '2M']],
    ['webm of VP9', [...VIDEO_CUT_OUT('yuva420p'), '-c:v', 'libvpx-vp9', '-auto-alt-ref', '0', '-b:v', '2M']],
    ['mov of ProRes 4444', [...VIDEO_CUT_OUT('yuva444p10le'), '-c:v', 'prores_ks', '-profile:v', '4444']],
    ['mov of QuickTime Animation', [...VIDEO_CUT_OUT('argb'), '-c:v', 'qtrle']],
  ])('lies on one colour, and shows nothing that was hidden: %s', async (kind, made) => {
    const name = `cut-out.${kind.split(' ')[0]}`;
    ffmpeg(...made, at(name));
    expect(await isTransparent(at(name), await probe(at(name)), undefined)).toBe(true);
    for (const [background, luma] of [
      [undefined, 235],
      ['#000000', 16],
      ['#00ff00', 173],
    ] as const) {
      const [frame] = await framesOf(name, background);
      for (const x of [0.02, 0.21, 0.27, 0.45])
        for (const y of [0.1, 0.53, 0.9]) expect(Math.abs(lumaAt(frame, x, y) - luma)).toBeLessThanOrEqual(3);
      expect(Math.abs(lumaAt(frame, 0.75, 0.5) - 126)).toBeLessThanOrEqual(4);
    }
  });

  it('is told from one that only could be', async () => {
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'color=gray:s=160x96',
      '-frames:v',
      '1',
      '-pix_fmt',
      'rgba',
      at('opaque.png'),
    );
    const media = await probe(at('opaque.png'));
    expect(media.alpha).toBe(true);
    expect(await isTransparent(at('opaque.png'), media, undefined)).toBe(false);
  });
});

describe('an animation', () => {
  it.each(['gif', 'apng'])('is a video: %s', async (extension) => {
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x96:r=10:d=2', '-f', extension, at(`moving.${extension}`));
    expect(await probe(at(`moving.${extension}`))).toMatchObject({
      kind: 'video',
      fps: 10,
      constantRate: true,
    });
    expect(await framesOf(`moving.${extension}`)).toHaveLength(20);
    ffmpeg('-i', at(`moving.${extension}`), '-frames:v', '1', '-f', extension, at(`single.${extension}`));
    expect(await probe(at(`single.${extension}`))).toMatchObject({ kind: 'still' });
    expect(await framesOf(`single.${extension}`)).toHaveLength(1);
  });
});

describe('a video whose pictures change their size', () => {
  const part = (name: string, size: string, colour: string, codec: string): void =>
    ffmpeg('-f', 'lavfi', '-i', `color=${colour}:s=${size}:r=10:d=2`, '-c:v', codec, '-b:v', '1M', at(name));

  it.each([
    ['smaller, as browsers do when the line is slow', '320x192', '160x96', 'libvpx', 1],
    ['larger', '160x96', '480x288', 'libvpx', 1],
    ['smaller in VP9', '320x192', '162x98', 'libvpx-vp9', 1],
    ['of another shape, as when a phone is turned', '320x192', '192x320', 'libvpx', 0.4],
  ])('is read to its end: %s', async (_, first, second, codec, share) => {
    part('one.webm', first, 'white', codec);
    part('two.webm', second, 'gray', codec);
    const names = ['one', 'two', 'one'].map((name) => `file '${at(`${name}.webm`)}'`);
    writeFileSync(at('list.txt'), names.join('\n'));
    ffmpeg('-f', 'concat', '-safe', '0', '-i', at('list.txt'), '-c', 'copy', at('changing.webm'));
    const frames = await framesOf('changing.webm');
    expect(frames).toHaveLength(60);
    expect(frames.map((frame) => Math.round(lumaAt(frame, 0.5, 0.5) / 20))).toEqual([
      ...Array(20).fill(12),
      ...Array(20).fill(6),
      ...Array(20).fill(12),
    ]);
    const beside = lumaAt(frames[30], 0.02, 0.5);
    if (share < 1) expect(beside).toBe(16);
    else expect(Math.abs(beside - 126)).toBeLessThan(4);
  });
});

describe('a file that is not read', () => {
  /** The first boxes of a photo as phones write it. */
  const heif = (brand: string, ...compatible: string[]): Buffer =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 16 + 4 * compatible.length]),
      Buffer.from(`ftyp${brand}\0\0\0\0${compatible.join('')}`, 'latin1'),
      Buffer.from('\0\0\0\x0cmeta\0\0\0\0', 'latin1'),
    ]);

  it.each([
    ['a HEIC photo', 'JPEG', () => heif('heic', 'mif1', 'heic')],
    ['a HEIC photo', 'JPEG', () => heif('mif1', 'mif1', 'heic')],
    ['an AVIF picture', 'JPEG', () => heif('avif', 'avif', 'mif1', 'miaf')],
    ['an AVIF picture', 'PNG', () => heif('mif1', 'avif', 'miaf')],
    ['a JPEG XL picture', 'PNG', () => Buffer.from('\0\0\0\x0cJXL \r\n\x87\n', 'latin1')],
    ['a PDF document', 'PNG', () => Buffer.from('%PDF-1.7\n')],
    [
      'an SVG drawing',
      'PNG',
      () => Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
  ])('is called %s, with what to do', async (name, remedy, bytes) => {
    writeFileSync(at('photo.jpg'), bytes());
    const error = await probe(at('photo.jpg')).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(UnsupportedFormatError);
    expect(error.message).toContain(name);
    expect(error.message).toContain(remedy);
    await expect(decodeAudio(at('photo.jpg'), 16_000)).rejects.toThrow(name);
  });

  it.each([
    ['an animated WebP', 'webp', ['-c:v', 'libwebp_anim']],
    ['a BMP picture', 'bmp', ['-frames:v', '1']],
    ['a TIFF picture', 'tiff', ['-frames:v', '1']],
    ['a Windows Media file', 'wmv', []],
    ['a Flash video', 'flv', []],
  ])('is called %s', async (name, extension, form) => {
    const path = at(`unread.${extension}`);
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x96:r=10:d=0.5', ...form, path);
    await expect(probe(path)).rejects.toThrow(name);
    writeFileSync(at('renamed.mp4'), readFileSync(path));
    await expect(probe(at('renamed.mp4'))).rejects.toThrow(UnsupportedFormatError);
  });
});

describe('a recording of a phone or a Mac', () => {
  it.each([
    ['aiff', []],
    ['caf', []],
    ['caf', ['-c:a', 'alac']],
  ])('is read: %s %s', async (extension, form) => {
    ffmpeg('-f', 'lavfi', '-i', 'sine=d=1', ...form, at(`memo.${extension}`));
    expect(await decodeAudio(at(`memo.${extension}`), 8000)).toHaveLength(8000);
  });
});
