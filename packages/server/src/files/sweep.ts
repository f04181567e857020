import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FILE_STATUS, SPEECH_STATUS, TASK_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import { purgeSegments } from '../segments/segment-keys.js';
import type { Services } from '../services.js';
import { carryOutDeletions, noteDeletions } from '../storage/pending-deletions.js';
import { SHARED_TRACKS, trackFolderName } from './face-tracks.js';
import type { FileRow } from './files.js';
import { retireFile } from './files.js';
import { removeStrays } from './strays.js';

const DAY_MS = 86_400_000;

/**
 * All face tracks together: the cache must not fill the disk that uploads and results need. Room for five folders of the
 * most that the engine lets each grow to (2 GB).
 */
const TRACK_BYTES = 10e9;

const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS);

const isKey = (key: string | null): key is string => key !== null;

/** Purges a file unless a task waits for it or runs with it. */
const purgeFile = (services: Services, file: FileRow): Promise<boolean> =>
  services.db.transaction().execute(async (trx) => {
    // A create that uses the file holds this lock until its task can be seen.
    await trx.selectFrom('file').select('id').where('id', '=', file.id).forUpdate().execute();
    const user = await trx
      .selectFrom('task')
      .select('id')
      .where('status', '<', TASK_STATUS.success)
      .where(({ or, eb }) => or([eb('video_file_id', '=', file.id), eb('audio_file_id', '=', file.id)]))
      .executeTakeFirst();
    if (user) return false;
    await retireFile(services, trx, file, FILE_STATUS.purged);
    return true;
  });

const purgeFiles = async (services: Services): Promise<number> => {
  const old = await services.db
    .selectFrom('file')
    .selectAll()
    .where('created_at', '<', daysAgo(services.settings.fileDays))
    .where('status', 'not in', [FILE_STATUS.deleted, FILE_STATUS.purged])
    .execute();
  let purged = 0;
  for (const file of old) if (await purgeFile(services, file)) purged += 1;
  return purged;
};

const purgeTasks = ({ db, settings }: Services): Promise<number> =>
  db.transaction().execute(async (trx) => {
    const tasks = await trx
      .deleteFrom('task')
      .where('status', '>=', TASK_STATUS.success)
      .where('ended_at', '<', daysAgo(settings.resultDays))
      .returning(['video_key', 'cover_key', 'report_key', 'subtitles_key'])
      .execute();
    await noteDeletions(trx, tasks.flatMap((keys) => Object.values(keys)).filter(isKey));
    return tasks.length;
  });

const purgeSpeech = ({ db, settings }: Services): Promise<number> =>
  db.transaction().execute(async (trx) => {
    const speeches = await trx
      .deleteFrom('speech')
      .where('status', '=', SPEECH_STATUS.done)
      .where('ended_at', '<', daysAgo(settings.resultDays))
      .returning('key')
      .execute();
    await noteDeletions(trx, speeches.map(({ key }) => key).filter(isKey));
    return speeches.length;
  });

/** Removes face tracks of files that are gone or were refused, and of bytes that were replaced. */
const purgeTracks = async ({ db, storage, trackDir }: Services): Promise<void> => {
  const folders = await readdir(trackDir);
  const files = await db
    .selectFrom('file')
    .select(['id', 'sha256'])
    .where('status', 'in', [FILE_STATUS.notReady, FILE_STATUS.ready])
    .where('service', '=', 'lip_sync_video')
    .execute();
  const kept = new Set(files.map(trackFolderName));
  for (const folder of folders) {
    if (!kept.has(folder)) await rm(path.join(trackDir, folder), { recursive: true, force: true });
  }
  for await (const { key } of storage.list(SHARED_TRACKS)) {
    if (!kept.has(key.split('/')[1]!)) await storage.delete(key);
  }
};

/** Folders that a render or a check uses now. */
const tracksInUse = async ({ db }: Services): Promise<Set<string>> => {
  const rendered = db.selectFrom('task').select('video_file_id').where('status', '=', TASK_STATUS.generating);
  const files = await db
    .selectFrom('file')
    .select(['id', 'sha256'])
    .where(({ or, eb }) => or([eb('id', 'in', rendered), eb('status', '=', FILE_STATUS.notReady)]))
    .execute();
  return new Set(files.map(trackFolderName));
};

type UsedFolder = { readonly name: string; readonly bytes: number; readonly usedAtMs: number };

/** The engine touches tracks that it uses. */
const usedFolder = async (trackDir: string, name: string): Promise<UsedFolder> => {
  const directory = path.join(trackDir, name);
  // What a render removes or replaces meanwhile does not count.
  const paths = await readdir(directory).catch(() => []);
  const found = await Promise.all(
    [directory, ...paths.map((entry) => path.join(directory, entry))].map((entry) =>
      stat(entry).catch(() => undefined),
    ),
  );
  const [, ...files] = found;
  return {
    name,
    bytes: files.reduce((sum, file) => sum + (file?.size ?? 0), 0),
    usedAtMs: Math.max(...found.map((entry) => entry?.mtimeMs ?? 0)),
  };
};

/** Keeps all face tracks together within their budget: what was used longest ago goes, and is made again when needed. */
const trimTracks = async (services: Services): Promise<void> => {
  const { trackDir } = services;
  const folders = await Promise.all((await readdir(trackDir)).map((name) => usedFolder(trackDir, name)));
  let total = folders.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= TRACK_BYTES) return;
  const inUse = await tracksInUse(services);
  for (const { name, bytes } of folders.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (total <= TRACK_BYTES) return;
    if (inUse.has(name)) continue;
    await rm(path.join(trackDir, name), { recursive: true, force: true });
    total -= bytes;
  }
};

/** Drops what was counted for limits of a minute and of a day. */
const forgetCounts = async ({ db }: Services): Promise<void> => {
  await db.deleteFrom('render_use').where('used_at', '<', daysAgo(2)).execute();
  await sql`delete from recent_call where calls[array_length(calls, 1)] < now() - interval '1 hour'`.execute(
    db,
  );
};

/** Removes what is older than its days, with everything derived from it. */
export const sweep = async (services: Services): Promise<void> => {
  const files = await purgeFiles(services);
  const tasks = await purgeTasks(services);
  const speeches = await purgeSpeech(services);
  await purgeSegments(services.db, daysAgo(1));
  await services.db
    .deleteFrom('delivery')
    .where('status', '!=', 'pending')
    .where('created_at', '<', daysAgo(services.settings.resultDays))
    .execute();
  await forgetCounts(services);
  await carryOutDeletions(services);
  await purgeTracks(services);
  await trimTracks(services);
  const strays = await removeStrays(services);
  if (files + tasks + speeches + strays > 0) {
    services.log.info({ files, tasks, speeches, strays }, 'purged');
  }
};
