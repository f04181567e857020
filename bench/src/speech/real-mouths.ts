import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { decodeAudio, decodeVideo, observeMouth, probe, trackFaces } from '#engine/internals';

/** A person filmed while speaking. */
export type TalkingClip = {
  readonly name: string;
  readonly fps: number;
  /** Opening between the inner lips in outer-eye-corner distances, frame by frame. */
  readonly aperture: Float32Array;
  /** 1 where the face was found. */
  readonly usable: Uint8Array;
  /** 16 kHz; sample 0 sounds while frame 0 is shown. */
  readonly samples: Float32Array;
};

export const SAMPLE_RATE = 16_000;

/** Rate that the offsets of the index are counted in. */
const INDEX_FPS = 25;

/** Tracks the mouth of a clip and puts its sound in time, as the index of the media says. */
export const watchTalkingClip = async (path: string): Promise<TalkingClip> => {
  const { width, height, fps, startSeconds } = await probe(path);
  const size = { width: width - (width % 2), height: height - (height % 2), fps };
  const track = await trackFaces(decodeVideo(path, size), { ...size, quality: 'fine' });
  const late = startSeconds + (await soundOffsetFrames(path)) / INDEX_FPS;
  return {
    name: basename(path),
    fps,
    aperture: observeMouth(track).aperture,
    usable: track.usable,
    samples: shifted(await decodeAudio(path, SAMPLE_RATE), Math.round(late * SAMPLE_RATE)),
  };
};

/** Drops the first samples, or puts silence before them. */
const shifted = (samples: Float32Array, by: number): Float32Array => {
  const moved = new Float32Array(Math.max(0, samples.length - by));
  moved.set(samples.subarray(Math.max(0, by)), Math.max(0, -by));
  return moved;
};

/** Frames by which the sound of a clip is late: column `c / off` of the `INDEX.md` beside the clip's folder. */
const soundOffsetFrames = async (path: string): Promise<number> => {
  const index = await readFile(join(dirname(path), '..', 'INDEX.md'), 'utf8').catch(() => '');
  const line = index.split('\n').find((candidate) => candidate.startsWith(`| ${basename(path)} |`));
  return Number(/\| [\d.]+ \/ ([+-]\d+) \|/u.exec(line ?? '')?.[1] ?? 0);
};
