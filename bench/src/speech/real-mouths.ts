import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import {
  decodeAudio,
  decodeVideo,
  type FaceTrack,
  learnPersonMouth,
  type MouthObservations,
  observeMouth,
  type PersonMouth,
  probe,
  readFaceTrack,
  trackFaces,
  writeFaceTrack,
} from '#engine/internals';
import { gridSentence } from './grid-words.js';

/** A person filmed while speaking. */
export type TalkingClip = {
  readonly name: string;
  readonly fps: number;
  /** What the tracked mouth does, frame by frame, in outer-eye-corner distances. */
  readonly seen: MouthObservations;
  /** 1 where the face was found. */
  readonly usable: Uint8Array;
  /** The mouth of the person, learned from all of the clip. */
  readonly person: PersonMouth;
  /** 16 kHz; sample 0 sounds while frame 0 is shown. */
  readonly samples: Float32Array;
  /** What is said, where the name of the file tells. */
  readonly words?: string;
};

export const SAMPLE_RATE = 16_000;

/** Rate that the offsets of the index are counted in. */
const INDEX_FPS = 25;

/** Tracks the mouth of a clip and puts its sound in time, as the index of the media says. Tracks are kept for the next time. */
export const watchTalkingClip = async (path: string): Promise<TalkingClip> => {
  const { width, height, fps, startSeconds } = await probe(path);
  const size = { width: width - (width % 2), height: height - (height % 2), fps };
  const kept = await keptTrack(path);
  let track: FaceTrack | undefined = await readFaceTrack(kept);
  if (!track) {
    track = await trackFaces(() => decodeVideo(path, size), { ...size, quality: 'fine' });
    await writeFaceTrack(kept, track);
  }
  const late = startSeconds + (await soundOffsetFrames(path)) / INDEX_FPS;
  const seen = observeMouth(track);
  const words = gridSentence(basename(path));
  const { usable } = track;
  return {
    name: basename(path),
    fps,
    seen,
    usable,
    person: learnPersonMouth(
      track,
      seen,
      Array.from(usable.keys()).filter((frame) => usable[frame] === 1),
    ),
    samples: shifted(await decodeAudio(path, SAMPLE_RATE), Math.round(late * SAMPLE_RATE)),
    ...(words === undefined ? {} : { words }),
  };
};

/** Where the track of a file as it is now is kept. */
const keptTrack = async (path: string): Promise<string> => {
  const { size, mtimeMs } = await stat(path);
  const key = createHash('sha256')
    .update(`${resolve(path)} ${size} ${mtimeMs}`)
    .digest('hex')
    .slice(0, 24);
  const folder = join(tmpdir(), 'chanjing-bench-tracks');
  await mkdir(folder, { recursive: true });
  return join(folder, `${key}.face`);
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
