import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaceTrack, LANDMARK_FLOATS } from './face-track.js';
import { readFaceTrack, writeFaceTrack } from './face-track-file.js';
import { POSE_FLOATS } from './pose.js';

const track: FaceTrack = {
  width: 720,
  height: 1080,
  fps: 29.97,
  frameCount: 3,
  landmarks: Float32Array.from({ length: 3 * LANDMARK_FLOATS }, (_, k) => k / 7 - 100),
  poses: Float64Array.from({ length: 3 * POSE_FLOATS }, (_, k) => k / 3),
  score: Float32Array.of(1, 0.25, 0),
  usable: Uint8Array.of(1, 0, 0),
  shot: Uint16Array.of(0, 0, 1),
};

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'face-track-'));
  path = join(folder, 'clip.face');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a face track file', () => {
  it('gives back the track that was written, and leaves no other file', async () => {
    await writeFaceTrack(path, track);
    expect(await readFaceTrack(path)).toEqual(track);
    expect(await readdir(folder)).toEqual(['clip.face']);
  });

  it('replaces an older track', async () => {
    await writeFaceTrack(path, { ...track, fps: 25 });
    await writeFaceTrack(path, track);
    expect((await readFaceTrack(path))?.fps).toBe(29.97);
  });

  it('keeps a track without frames', async () => {
    const empty = new Float32Array(0);
    const none = { ...track, frameCount: 0, landmarks: empty, score: empty, poses: new Float64Array(0) };
    await writeFaceTrack(path, { ...none, usable: new Uint8Array(0), shot: new Uint16Array(0) });
    expect((await readFaceTrack(path))?.frameCount).toBe(0);
  });

  it('reads as absent when it is not there', async () => {
    expect(await readFaceTrack(path)).toBeUndefined();
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['empty', () => Buffer.alloc(0)],
    ['of another version', (bytes: Buffer) => Buffer.concat([Buffer.from('CJFACE99'), bytes.subarray(8)])],
    [
      'damaged in one bit',
      (bytes: Buffer) => Buffer.from(bytes.map((byte, k) => (k === 5000 ? byte ^ 1 : byte))),
    ],
  ])('reads as absent when it is %s', async (_, damage) => {
    await writeFaceTrack(path, track);
    await writeFile(path, damage(await readFile(path)));
    expect(await readFaceTrack(path)).toBeUndefined();
  });

  it('leaves nothing behind when it cannot be written', async () => {
    await writeFaceTrack(path, track);
    await expect(writeFaceTrack(join(path, 'inside-a-file'), track)).rejects.toThrow(
      'its directory is a file',
    );
    expect(await readdir(folder)).toEqual(['clip.face']);
  });
});
