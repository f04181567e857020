import type { Logger } from 'pino';
import type { Database } from './database/database.js';
import type { FileRow } from './files/files.js';
import type { UrlSigner } from './files/signed-urls.js';
import type { JobQueue, QueueName } from './queue/job-queue.js';
import type { RenderProgram } from './renderer/render-program.js';
import type { Settings } from './settings.js';
import type { Storage } from './storage/storage.js';
import type { TaskReads } from './tasks/task-reads.js';
import type { VoiceCatalogue } from './voices/voice-catalogue.js';

/** What the parts of a running server share. */
export type Services = {
  readonly settings: Settings;
  readonly db: Database;
  readonly jobs: JobQueue;
  /** Who holds a token. */
  readonly appOfToken: (token: string) => Promise<string | undefined>;
  readonly reads: TaskReads;
  readonly fileOf: (id: string) => Promise<FileRow | undefined>;
  readonly storage: Storage;
  readonly signer: UrlSigner;
  readonly program: RenderProgram;
  readonly voices: VoiceCatalogue;
  /** Scratch directory of this server's jobs; emptied at each start. */
  readonly workDir: string;
  /** Face tracks of uploaded videos, see `trackFolder`. */
  readonly trackDir: string;
  readonly log: Logger;
  /** Looks for work in a queue now. */
  wake(queue: QueueName): void;
  /** Aborts a job if this process runs it. */
  abort(queue: QueueName, id: string): void;
};
