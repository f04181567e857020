import { FILE_STATUS, SPEECH_STATUS, TASK_STATUS } from '@chanjing-avatar/protocol';
import { sql } from 'kysely';
import type { Services } from '../services.js';
import { removeFile } from './files.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS);

const purgeFiles = async (services: Services): Promise<number> => {
  const old = await services.db
    .selectFrom('file')
    .selectAll()
    .where('created_at', '<', daysAgo(services.settings.fileDays))
    .where('status', 'not in', [FILE_STATUS.deleted, FILE_STATUS.purged])
    // A task that waits or runs keeps its material.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('task')
            .select(sql`1`.as('one'))
            .where('task.status', '<', TASK_STATUS.success)
            .where(({ or, eb }) =>
              or([
                eb('task.video_file_id', '=', eb.ref('file.id')),
                eb('task.audio_file_id', '=', eb.ref('file.id')),
              ]),
            ),
        ),
      ),
    )
    .execute();
  for (const file of old) await removeFile(services, file, FILE_STATUS.purged);
  return old.length;
};

const purgeTasks = async ({ db, storage, settings }: Services): Promise<number> => {
  const tasks = await db
    .deleteFrom('task')
    .where('status', '>=', TASK_STATUS.success)
    .where('ended_at', '<', daysAgo(settings.resultDays))
    .returning(['video_key', 'cover_key'])
    .execute();
  for (const { video_key, cover_key } of tasks) {
    for (const key of [video_key, cover_key]) if (key) await storage.delete(key);
  }
  return tasks.length;
};

const purgeSpeech = async ({ db, storage, settings }: Services): Promise<number> => {
  const speeches = await db
    .deleteFrom('speech')
    .where('status', '=', SPEECH_STATUS.done)
    .where('ended_at', '<', daysAgo(settings.resultDays))
    .returning('key')
    .execute();
  for (const { key } of speeches) if (key) await storage.delete(key);
  return speeches.length;
};

/** Removes what is older than its days, with everything derived from it. */
const sweep = async (services: Services): Promise<void> => {
  const files = await purgeFiles(services);
  const tasks = await purgeTasks(services);
  const speeches = await purgeSpeech(services);
  await services.db
    .deleteFrom('delivery')
    .where('status', '!=', 'pending')
    .where('created_at', '<', daysAgo(services.settings.resultDays))
    .execute();
  if (files + tasks + speeches > 0) services.log.info({ files, tasks, speeches }, 'purged');
};

/** Sweeps now and every hour; returns how to stop. */
export const startSweeping = (services: Services): (() => void) => {
  const run = (): void => {
    sweep(services).catch((error) => services.log.error({ error: String(error) }, 'could not sweep'));
  };
  run();
  const timer = setInterval(run, HOUR_MS);
  return () => clearInterval(timer);
};
