import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DonorLibrary } from '../donor/donor-library.js';
import { readDonorLibrary, writeDonorLibrary } from '../donor/donor-library-file.js';
import type { FaceTrack } from '../face/face-track.js';
import { readFaceTrack, writeFaceTrack } from '../face/face-track-file.js';
import type { SpeakingStyle } from '../mouth/speaking-style.js';
import { readSpeakingStyle, writeSpeakingStyle } from '../mouth/speaking-style-file.js';

/** What is known about a driving video once its face has been followed. */
export type KnownClip = {
  readonly track: FaceTrack;
  readonly library: DonorLibrary;
  /** How the person moves the mouth in the clip's own speech, where that was worth learning. */
  readonly style?: SpeakingStyle;
};

/** The cache holds no more than this; what was used longest ago goes first (LRU). */
const MOST_BYTES = 2e9;

/** Name of a clip in the cache: its content and how it is decoded and tracked. */
export const clipKey = async (
  path: string,
  decoding: Readonly<Record<string, string | number>>,
  signal: AbortSignal | undefined,
): Promise<string> => {
  const hash = createHash('sha256').update(JSON.stringify(decoding));
  await pipeline(createReadStream(path), hash, { ...(signal ? { signal } : {}) });
  return hash.digest('hex').slice(0, 40);
};

const paths = (directory: string, key: string) => ({
  track: join(directory, `${key}.face`),
  donors: join(directory, `${key}.donors`),
  style: join(directory, `${key}.style`),
});

/** What the cache knows of a clip; undefined when it knows nothing, or what it knows is damaged or cannot be read. */
export const readKnownClip = async (directory: string, key: string): Promise<KnownClip | undefined> => {
  const files = paths(directory, key);
  const track = await readFaceTrack(files.track);
  const library = track && (await readDonorLibrary(files.donors));
  const speech = library && (await readSpeakingStyle(files.style));
  if (!speech) return undefined;
  const now = new Date();
  // Another process may prune them meanwhile: they have been read.
  for (const path of Object.values(files)) await utimes(path, now, now).catch(() => {});
  return { track, library, ...speech };
};

export const writeKnownClip = async (directory: string, key: string, clip: KnownClip): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = paths(directory, key);
  await writeFaceTrack(files.track, clip.track);
  await writeDonorLibrary(files.donors, clip.library);
  await writeSpeakingStyle(files.style, clip.style);
  await prune(directory);
};

/** What this cache and killed writers leave; a directory may hold other things. */
const OWN_NAME = /^[0-9a-f]{40}\.(?:face|donors|style)(?:\.[0-9a-f-]+\.part)?$/u;

const prune = async (directory: string): Promise<void> => {
  const files = await Promise.all(
    (await readdir(directory))
      .filter((name) => OWN_NAME.test(name))
      .map(async (name) => {
        const path = join(directory, name);
        const found = await stat(path).catch(() => undefined);
        return { path, size: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
      }),
  );
  let total = 0;
  for (const { path, size } of files.sort((a, b) => b.used - a.used)) {
    total += size;
    if (total > MOST_BYTES) await rm(path, { force: true });
  }
};
