import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { newId } from '../identifiers.js';
import type { Services } from '../services.js';
import { directOf } from './direct-uploads.js';
import type { FileRow } from './files.js';

// What the engine found out about a video's face, in a folder per file. It is only a cache: what is missing is made again.
// Servers that share their storage share it there, so that a face is not followed once on each machine.

/** Where the folders are in the storage. */
export const SHARED_TRACKS = 'face-tracks/';

/** Name of the folder of the face tracks of a video’s bytes. */
export const trackFolderName = ({ id, sha256 }: Pick<FileRow, 'id' | 'sha256'>): string =>
  `${id}-${(sha256 ?? '').slice(0, 16)}`;

export const trackFolder = ({ trackDir }: Pick<Services, 'trackDir'>, file: FileRow): string =>
  path.join(trackDir, trackFolderName(file));

/** Files that are whole; their content never changes under their name. */
const WHOLE = /^[0-9a-f]{40}\.[a-z]+$/;

type Place = Pick<Services, 'storage' | 'trackDir' | 'log'>;

const namesIn = async ({ storage }: Place, file: FileRow): Promise<Set<string>> => {
  const names = new Set<string>();
  const prefix = `${SHARED_TRACKS}${trackFolderName(file)}/`;
  for await (const { key } of storage.list(prefix)) names.add(key.slice(prefix.length));
  return names;
};

const fetchOne = async ({ storage }: Place, key: string, target: string): Promise<void> => {
  const part = `${target}.${newId()}.part`;
  try {
    await pipeline(storage.read(key), createWriteStream(part, { mode: 0o600 }));
    await rename(part, target);
  } finally {
    await rm(part, { force: true });
  }
};

/** Runs where there is a storage to share; what fails there must not fail the work. */
const share = async (
  services: Place,
  file: FileRow,
  work: (there: Set<string>) => Promise<void>,
): Promise<void> => {
  if (!directOf(services)) return;
  try {
    await work(await namesIn(services, file));
  } catch (error) {
    services.log.warn({ file: file.id, error: String(error) }, 'could not share face tracks');
  }
};

/** Fetches what other servers know of a video. Returns the folder. */
export const fetchTracks = async (services: Place, file: FileRow): Promise<string> => {
  const folder = trackFolder(services, file);
  await share(services, file, async (there) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const here = new Set(await readdir(folder));
    for (const name of there) {
      if (!WHOLE.test(name) || here.has(name)) continue;
      await fetchOne(services, `${SHARED_TRACKS}${trackFolderName(file)}/${name}`, path.join(folder, name));
    }
  });
  return folder;
};

/** Lets other servers have what this one found out about a video. */
export const shareTracks = (services: Place, file: FileRow): Promise<void> =>
  share(services, file, async (there) => {
    const folder = trackFolder(services, file);
    for (const name of await readdir(folder)) {
      if (!WHOLE.test(name) || there.has(name)) continue;
      await services.storage.adopt(
        path.join(folder, name),
        `${SHARED_TRACKS}${trackFolderName(file)}/${name}`,
      );
    }
  });

/** Removes a video's tracks here and where they are shared; what other servers have, their sweeps remove. */
export const dropTracks = async (services: Place, file: FileRow): Promise<void> => {
  await rm(trackFolder(services, file), { recursive: true, force: true });
  await share(services, file, async (there) => {
    for (const name of there)
      await services.storage.delete(`${SHARED_TRACKS}${trackFolderName(file)}/${name}`);
  });
};
