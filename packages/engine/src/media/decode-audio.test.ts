import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NoSpeechTrackError } from '../errors/no-speech-track-error.js';
import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import { decodeAudio, hearAudio } from './decode-audio.js';
import { makeMedia } from './numbered-video.test.fixture.js';

let directory: string;
const at = (name: string): string => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'decode-audio-test-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const loudness = (samples: Float32Array, from: number, to: number): number =>
  Math.sqrt(samples.subarray(from, to).reduce((sum, value) => sum + value * value, 0) / (to - from));

describe('decodeAudio', () => {
  it.each(['mp3', 'm4a', 'wav', 'flac', 'ogg', 'aac'])('reads %s', async (extension) => {
    await makeMedia('-f', 'lavfi', '-i', 'sine=f=440:r=44100:d=1', '-ac', '2', at(`tone.${extension}`));
    const samples = await decodeAudio(at(`tone.${extension}`), 16000);
    expect(samples.length / 16000).toBeGreaterThan(0.98);
    expect(samples.length / 16000).toBeLessThan(1.07);
    // As loud as either side.
    expect(loudness(samples, 4000, 12000)).toBeCloseTo(0.0625, 2);
  });

  it('puts silence before a track that begins later', async () => {
    await makeMedia(
      ...['-f', 'lavfi', '-i', 'testsrc2=d=2:s=64x64', '-itsoffset', '0.5', '-f', 'lavfi', '-i', 'sine=d=1'],
      ...['-c:a', 'aac', at('late.mp4')],
    );
    const samples = await decodeAudio(at('late.mp4'), 16000);
    expect(loudness(samples, 0, 7000)).toBeLessThan(0.001);
    expect(loudness(samples, 9000, 16000)).toBeGreaterThan(0.05);
  });

  it.each([0.5, 3])('accepts a track that begins %d s late as whole', async (late) => {
    await makeMedia(
      ...['-f', 'lavfi', '-i', 'testsrc2=d=5:s=64x64', '-itsoffset', String(late)],
      ...['-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'aac', at('later.mp4')],
    );
    const { length } = await decodeAudio(at('later.mp4'), 16000);
    expect(Math.abs(length / 16000 - late - 2)).toBeLessThan(0.1);
  });

  it.each([
    ['mp3', []],
    ['m4a', ['-movflags', '+faststart']],
    ['wav', []],
    ['flac', []],
    ['ogg', []],
    ['opus', []],
    ['mka', []],
    ['webm', []],
    ['webm', ['-live', '1']],
  ])('refuses half a recording in %s (%s)', async (extension, options) => {
    const [whole, half] = [at(`whole.${extension}`), at(`half.${extension}`)];
    const chirp = "aevalsrc='sin(1000*t+200*sin(9*t))*0.4':s=44100:d=6";
    await makeMedia('-f', 'lavfi', '-i', chirp, ...options, whole);
    expect((await decodeAudio(whole, 8000)).length / 8000).toBeCloseTo(6, 0);
    const bytes = await readFile(whole);
    await writeFile(half, bytes.subarray(0, bytes.length / 2));
    await expect(decodeAudio(half, 8000)).rejects.toThrow(UnreadableMediaError);
    await expect(decodeAudio(half, 8000, { seconds: 1 })).resolves.toHaveLength(8000);
  });

  it('believes no header that was written before the length was known', async () => {
    const { stdout } = await promisify(execFile)(
      'ffmpeg',
      ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=2', '-f', 'wav', '-'],
      { encoding: 'buffer' },
    );
    await writeFile(at('piped.wav'), stdout);
    expect((await decodeAudio(at('piped.wav'), 8000)).length / 8000).toBeCloseTo(2, 1);
  });

  it.each(['mp3', 'ogg', 'aac'])(
    'reads recordings of different rates joined to one %s to the end',
    async (extension) => {
      const forms = [
        ['-ar', '24000', '-ac', '1'],
        ['-ar', '44100', '-ac', '2'],
        ['-ar', '24000', '-ac', '1'],
      ];
      const parts: Buffer[] = [];
      for (const form of extension === 'ogg' ? [forms[0], forms[0]] : forms) {
        await makeMedia('-f', 'lavfi', '-i', 'sine=d=2:r=48000', ...form, at(`part.${extension}`));
        parts.push(await readFile(at(`part.${extension}`)));
      }
      await writeFile(at(`joined.${extension}`), Buffer.concat(parts));
      const samples = await decodeAudio(at(`joined.${extension}`), 16000);
      expect(Math.abs(samples.length / 16000 - 2 * parts.length)).toBeLessThan(0.3);
      for (let second = 0; second < 2 * parts.length; second++)
        expect(loudness(samples, (second + 0.3) * 16000, (second + 0.7) * 16000)).toBeGreaterThan(0.05);
    },
  );

  it.each([
    ['wav', '-1*c0'],
    ['m4a', '-1*c0'],
    ['flac', '-0.8*c0'],
  ])('hears a voice whose channels cancel each other out, in %s (right = %s)', async (extension, right) => {
    const path = at(`opposed.${extension}`);
    await makeMedia('-f', 'lavfi', '-i', 'sine=d=1', '-af', `pan=stereo|c0=c0|c1=${right}`, path);
    const { samples, opposed } = await hearAudio(path, 16000);
    expect(loudness(samples, 4000, 12000)).toBeGreaterThan(0.07);
    expect(opposed).toBe(true);
  });

  it('mixes a voice on one side, and music that differs from side to side', async () => {
    await makeMedia('-f', 'lavfi', '-i', 'sine=d=1', '-af', 'pan=stereo|c0=c0|c1=0*c0', at('left.wav'));
    const left = await hearAudio(at('left.wav'), 16000);
    expect(loudness(left.samples, 4000, 12000)).toBeGreaterThan(0.04);
    const noise = "aevalsrc='random(0)*0.3|random(1)*0.3':d=1";
    await makeMedia('-f', 'lavfi', '-i', noise, at('wide.wav'));
    expect([left.opposed, (await hearAudio(at('wide.wav'), 16000)).opposed]).toEqual([false, false]);
  });

  it('says when there is no speech in a file', async () => {
    await makeMedia('-f', 'lavfi', '-i', 'testsrc2=d=0.2:s=64x64', at('silent.mp4'));
    await expect(decodeAudio(at('silent.mp4'), 16000)).rejects.toThrow(NoSpeechTrackError);
    await makeMedia('-f', 'lavfi', '-i', 'testsrc2=s=64x64', '-frames:v', '1', at('picture.png'));
    await expect(decodeAudio(at('picture.png'), 16000)).rejects.toThrow(/no sound track/);
    await expect(decodeAudio(new URL(import.meta.url).pathname, 16000)).rejects.toThrow(NoSpeechTrackError);
  });
});
