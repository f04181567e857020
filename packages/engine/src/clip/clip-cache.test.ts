import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LANDMARK_FLOATS } from '../face/face-track.js';
import { POSE_FLOATS } from '../face/pose.js';
import { type KnownClip, readKnownClip, writeKnownClip } from './clip-cache.js';

const KEY = 'a'.repeat(40);
const OLD = new Date(0);

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'clip-cache-'));
});

afterEach(() => rm(directory, { recursive: true }));

const clip: KnownClip = {
  track: {
    width: 64,
    height: 64,
    fps: 25,
    frameCount: 1,
    landmarks: new Float32Array(LANDMARK_FLOATS),
    poses: new Float64Array(POSE_FLOATS),
    score: new Float32Array(1),
    usable: new Uint8Array(1),
    shot: new Uint16Array(1),
  },
  library: { donors: [], pixels: new Uint8Array(new SharedArrayBuffer(0)) },
};

/** A file of more bytes than the cache may hold, which take no room on the disk. */
const hugeFile = async (name: string): Promise<void> => {
  await writeFile(join(directory, name), '');
  await truncate(join(directory, name), 2.5e9);
  await utimes(join(directory, name), OLD, OLD);
};

it('lets go of what was used longest ago, and of nothing that is not its own', async () => {
  await hugeFile(`${'b'.repeat(40)}.donors`);
  await hugeFile('my-wedding.mp4');
  await mkdir(join(directory, 'photos'));
  await utimes(join(directory, 'photos'), OLD, OLD);
  await writeKnownClip(directory, KEY, clip);
  const kept = ['donors', 'face', 'style'].map((ending) => `${KEY}.${ending}`);
  expect((await readdir(directory)).sort()).toEqual([...kept, 'my-wedding.mp4', 'photos']);
  expect((await readKnownClip(directory, KEY))?.track.frameCount).toBe(1);
});

it('knows nothing of a clip where a file cannot be read', async () => {
  await writeKnownClip(directory, KEY, clip);
  await rm(join(directory, `${KEY}.face`));
  await mkdir(join(directory, `${KEY}.face`));
  expect(await readKnownClip(directory, KEY)).toBeUndefined();
});
