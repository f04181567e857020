import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NoSpeechTrackError } from '../errors/no-speech-track-error.js';
import { decodeAudio } from './decode-audio.js';
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
    expect(loudness(samples, 4000, 12000)).toBeCloseTo(0.0884, 2);
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

  it('says when there is no speech in a file', async () => {
    await makeMedia('-f', 'lavfi', '-i', 'testsrc2=d=0.2:s=64x64', at('silent.mp4'));
    await expect(decodeAudio(at('silent.mp4'), 16000)).rejects.toThrow(NoSpeechTrackError);
    await makeMedia('-f', 'lavfi', '-i', 'testsrc2=s=64x64', '-frames:v', '1', at('picture.png'));
    await expect(decodeAudio(at('picture.png'), 16000)).rejects.toThrow(/no sound track/);
    await expect(decodeAudio(new URL(import.meta.url).pathname, 16000)).rejects.toThrow(NoSpeechTrackError);
  });
});
