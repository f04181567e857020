import { mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MissingFileError } from '../errors/missing-file-error.js';
import { NotAVideoError } from '../errors/not-a-video-error.js';
import { TooLargeError } from '../errors/too-large-error.js';
import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import { makeMedia } from './numbered-video.test.fixture.js';
import { probe } from './probe.js';

let directory: string;
const at = (name: string): string => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'probe-test-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const testPicture = (size: string, ...rest: string[]): Promise<void> =>
  makeMedia('-f', 'lavfi', '-i', `testsrc2=s=${size}:r=30000/1001:d=1`, ...rest);

/** An EXIF block that says: turn this picture by 90 degrees. */
const EXIF_TURNED = Buffer.from(
  'ffe1002245786966000049492a000800000001001201030001000000060000000000000000',
  'hex',
).subarray(0, 36);

describe('probe', () => {
  it('describes a video and its sound', async () => {
    await testPicture('320x240', '-f', 'lavfi', '-i', 'sine=r=44100:d=1', '-c:a', 'aac', at('talk.mp4'));
    expect(await probe(at('talk.mp4'))).toMatchObject({
      kind: 'video',
      width: 320,
      height: 240,
      rate: { numerator: 30000, denominator: 1001 },
      constantRate: true,
      codec: 'h264',
      audio: { codec: 'aac', sampleRate: 44100, channels: 1 },
    });
  });

  it('gives the size as shown: upright, square pixels', async () => {
    await testPicture('320x240', '-vf', 'setsar=4/3', at('wide.mp4'));
    expect(await probe(at('wide.mp4'))).toMatchObject({ width: 427, height: 240 });
    await makeMedia('-i', at('wide.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4'));
    expect(await probe(at('turned.mp4'))).toMatchObject({ width: 240, height: 427 });
  });

  it('turns a photo as its EXIF block says', async () => {
    await testPicture('320x240', '-frames:v', '1', at('flat.jpg'));
    const flat = await readFile(at('flat.jpg'));
    await writeFile(at('turned.jpg'), Buffer.concat([flat.subarray(0, 2), EXIF_TURNED, flat.subarray(2)]));
    expect(await probe(at('flat.jpg'))).toMatchObject({ kind: 'still', width: 320, height: 240 });
    expect(await probe(at('turned.jpg'))).toMatchObject({ kind: 'still', width: 240, height: 320 });
  });

  it('takes a still picture for what it is, whatever its name', async () => {
    await testPicture('320x240', '-frames:v', '1', at('face.png'));
    await rename(at('face.png'), at('face%03d.mp4'));
    expect(await probe(at('face%03d.mp4'))).toMatchObject({ kind: 'still', format: 'png_pipe' });
  });

  it('names what is not there', async () => {
    await expect(probe(at('nowhere.mp4'))).rejects.toThrow(MissingFileError);
    await expect(probe(directory)).rejects.toThrow(MissingFileError);
  });

  it('refuses what is no video', async () => {
    await writeFile(at('empty.mp4'), '');
    await writeFile(at('page.mp4'), '<html><body>not found</body></html>');
    await makeMedia('-f', 'lavfi', '-i', 'sine=d=1', '-f', 'mp3', at('song.mp4'));
    await expect(probe(at('empty.mp4'))).rejects.toThrow(NotAVideoError);
    await expect(probe(at('page.mp4'))).rejects.toThrow(NotAVideoError);
    await expect(probe(at('song.mp4'))).rejects.toThrow(/only sound/);
  });

  it('refuses a playlist that points to other files', async () => {
    await testPicture('320x240', '-c:v', 'libx264', '-f', 'mpegts', at('part.ts'));
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:${at('part.ts')}\n#EXT-X-ENDLIST\n`;
    await writeFile(at('playlist.mp4'), playlist);
    await writeFile(at('concat.mp4'), `ffconcat version 1.0\nfile ${at('part.ts')}\n`);
    await expect(probe(at('playlist.mp4'))).rejects.toThrow(NotAVideoError);
    await expect(probe(at('concat.mp4'))).rejects.toThrow(NotAVideoError);
    expect(await probe(at('part.ts'))).toMatchObject({ width: 320 });
  });

  it('says that a video without its index was cut short', async () => {
    await testPicture('320x240', at('cut.mp4'));
    await truncate(at('cut.mp4'), 8000);
    await expect(probe(at('cut.mp4'))).rejects.toThrow(UnreadableMediaError);
  });

  it('refuses more pixels than are ever decoded', async () => {
    await makeMedia('-f', 'lavfi', '-i', 'color=s=8192x8192', '-frames:v', '1', at('huge.png'));
    await expect(probe(at('huge.png'))).rejects.toThrow(TooLargeError);
  });

  it('stops when it is aborted', async () => {
    await expect(probe(at('part.ts'), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
