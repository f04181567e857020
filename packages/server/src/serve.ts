import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { type AppSecrets, createApp, listApps, tokenReader } from './apps/apps.js';
import { guardedPost } from './callbacks/guarded-request.js';
import { ServerError } from './errors/server-error.js';
import { fileReader } from './files/files.js';
import { openUrlSigner } from './files/signed-urls.js';
import { startSweeping } from './files/sweeping.js';
import { createHttpServer } from './http/http-server.js';
import { createMetrics, createMetricsServer, type Metrics } from './http/metrics.js';
import { createWorkerServer } from './http/operation-routes.js';
import { type OpenDatabase, openServerDatabase } from './open-database.js';
import { makePrivateDirectory } from './private-directory.js';
import { startJobQueue } from './queue/job-queue.js';
import { endMarked, JOB_MARK } from './renderer/marked-processes.js';
import { renderProgram } from './renderer/render-program.js';
import { offerPlaces } from './segments/free-places.js';
import type { Services } from './services.js';
import { makeSignInCode, signInLink } from './sessions/sessions.js';
import type { Settings } from './settings.js';
import { isShared } from './shared-mode.js';
import { startWorkers, type Workers } from './start-workers.js';
import { openLocalDisk } from './storage/local-disk.js';
import type { Storage } from './storage/storage.js';
import { taskReads } from './tasks/task-reads.js';
import { watchTasks } from './tasks/watch.js';
import { voiceCatalogue } from './voices/voice-catalogue.js';

export type ServeOptions = {
  readonly settings: Settings;
  /** Another render program; tests have one that needs no engine. */
  readonly program?: string;
};

export type RunningServer = {
  /** Where it listens, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The app that was made because there was none; its secret is shown nowhere else. */
  readonly firstApp: AppSecrets | undefined;
  /** A link that signs in one person to the console as the first app, once, within 15 minutes. */
  signInLink(): Promise<string | undefined>;
  /** Refuses new work, lets running work finish or puts it back, ends the database. */
  stop(): Promise<void>;
};

/** Nothing that authenticates may be written, whatever a log line is given. */
const REDACTED = ['access_token', 'secret_key', 'secretKey', 'authorization'].flatMap((name) => [
  name,
  `*.${name}`,
]);

const createLog = (level: string): Logger =>
  pino({ level, base: null, redact: REDACTED }, pino.destination({ dest: 2, sync: true }));

/** What is left of jobs of a server that was killed: processes first, then their files. */
const clearLeftovers = async (workDir: string, log: Logger): Promise<void> => {
  const ended = endMarked(JOB_MARK, workDir);
  if (ended > 0) log.warn({ ended }, 'ended processes that an earlier server left behind');
  await rm(workDir, { recursive: true, force: true });
  makePrivateDirectory(workDir);
};

/** How to stop what has started, noted part by part, so that a start that fails in the middle can be undone. */
type Started = {
  /** Takes in or does work: stopped first, all at once; `graceMs` is what they may take to finish. */
  readonly busy: ((graceMs: number) => Promise<unknown>)[];
  /** What the work stands on: stopped afterwards, the last one first. */
  readonly base: (() => Promise<unknown>)[];
};

/** Stops each part, whatever becomes of the others; throws what the first one threw that could not be stopped. */
const stopAll = async ({ busy, base }: Started, graceMs: number): Promise<void> => {
  const outcomes = await Promise.allSettled(busy.map((stop) => stop(graceMs)));
  for (const stop of [...base].reverse()) outcomes.push(...(await Promise.allSettled([stop()])));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
};

/** Directories of this process for work under way and caches. */
const openScratch = async (dataDir: string, log: Logger): Promise<Pick<Services, 'workDir' | 'trackDir'>> => {
  const workDir = path.join(dataDir, 'work');
  const trackDir = path.join(dataDir, 'face-tracks');
  await clearLeftovers(workDir, log);
  makePrivateDirectory(trackDir);
  return { workDir, trackDir };
};

const openStorage = async (settings: Settings, isShared: boolean): Promise<Storage> => {
  const dataDir = path.resolve(settings.dataDir);
  if (!isShared) return openLocalDisk(dataDir);
  // Loaded where it is needed: the client takes a tenth of a second and 20 MB.
  const { openS3 } = await import('./storage/s3.js');
  return openS3(settings, dataDir);
};

type Assembly = { services: Services; workers: Workers };

const assemble = async (
  { settings, program }: ServeOptions,
  database: OpenDatabase,
  isShared: boolean,
  log: Logger,
  started: Started,
): Promise<Assembly> => {
  const { db } = database;
  const { workDir, trackDir } = await openScratch(path.resolve(settings.dataDir), log);
  const storage = await openStorage(settings, isShared);
  const jobs = await startJobQueue(database, (error) => log.warn({ error: String(error) }, 'queue'));
  started.base.push(jobs.stop);
  // Alone on this database, whatever is claimed was claimed by a server that is gone; else claims lapse.
  if (!isShared) await jobs.recover();
  const signer = await openUrlSigner(database, settings);
  started.base.push(async () => signer.close());
  const renderer = renderProgram(workDir, log, settings, program);
  started.base.push(renderer.close);
  let workers: Workers = new Map();
  const services: Services = {
    settings,
    db,
    jobs,
    appOfToken: tokenReader(db),
    reads: taskReads(db),
    fileOf: fileReader(db),
    storage,
    signer,
    program: renderer,
    voices: voiceCatalogue(renderer, settings.voicesDirectory),
    workDir,
    trackDir,
    log,
    wake: (queue) => workers.get(queue)?.wake(),
    abort: (queue, id) => workers.get(queue)?.abort(id),
  };
  const posts = guardedPost(settings.callbackAllow);
  started.base.push(posts.close);
  workers = startWorkers(services, posts.post);
  for (const worker of workers.values()) started.busy.push(worker.stop);
  if (workers.has('render') && settings.renders > 0)
    started.busy.push(offerPlaces(services, settings.renders));
  return { services, workers };
};

type Address = Pick<Settings, 'host' | 'port'>;

const listen = async (http: FastifyInstance, { host, port }: Address): Promise<string> => {
  try {
    return await http.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ServerError(
      'cannot-listen',
      {
        wrong:
          code === 'EADDRINUSE'
            ? `Port ${port} of ${host} is in use.`
            : `Cannot listen on ${host}:${port}: ${message}.`,
        expected: 'Expected a free port of an address of this machine.',
        remedy: 'Choose others with --host and --port.',
      },
      error,
    );
  }
};

const addressOf = (text: string): Address => {
  const { hostname, port } = new URL(`http://${text}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) };
};

/** Takes no more requests; those under way (uploads too) get `graceMs`. */
const closeHttp = async (http: FastifyInstance, graceMs: number): Promise<void> => {
  const cut = setTimeout(() => http.server.closeAllConnections(), graceMs);
  await http.close();
  clearTimeout(cut);
};

/** Only where there is no app yet; two processes that start at once make one. */
const firstAppOf = async ({ db }: OpenDatabase): Promise<AppSecrets | undefined> => {
  if ((await listApps(db)).length > 0) return undefined;
  return createApp(db, 'default').catch((error) => {
    if ((error as ServerError).code === 'app-name-taken') return undefined;
    throw error;
  });
};

/** Takes calls, and what belongs to them: what is told to callers, and what is purged. Returns its HTTP server. */
const startApi = (services: Services, metrics: Metrics, started: Started): FastifyInstance => {
  const watch = watchTasks(services);
  started.busy.push(async () => watch.stop(), startSweeping(services));
  // The first request for voices should not have to wait for the engine to load.
  services.voices
    .list()
    .catch((error) => services.log.error({ error: String(error) }, 'the voices could not be listed'));
  return createHttpServer(services, watch, metrics);
};

/** Starts a server on a data directory. Throws {@link ServerError} with what to do. */
export const serve = async (options: ServeOptions): Promise<RunningServer> => {
  const { settings } = options;
  const shared = isShared(settings);
  const log = createLog(settings.logLevel);
  const complain = (error: Error): void => log.warn({ error: error.message }, 'database');
  const database = await openServerDatabase(settings, complain, { isShared: shared });
  const started: Started = { busy: [], base: [database.close] };
  try {
    const { services, workers } = await assemble(options, database, shared, log, started);
    const metrics = createMetrics(services, workers);
    const isWorker = settings.role === 'worker';
    const http = isWorker ? createWorkerServer(services, metrics) : startApi(services, metrics, started);
    if (settings.metricsAddress) {
      const apart = createMetricsServer(metrics);
      started.base.push(() => apart.close());
      await listen(apart, addressOf(settings.metricsAddress));
    }
    started.busy.push((graceMs) => closeHttp(http, graceMs));
    const url = await listen(http, settings);
    const firstApp = isWorker ? undefined : await firstAppOf(database);
    log.info({ url, role: settings.role }, 'ready');
    let stopped: Promise<void> | undefined;
    return {
      url,
      firstApp,
      signInLink: async () => {
        const app = (await listApps(database.db)).find(({ disabledAt }) => !disabledAt);
        if (!app || isWorker) return undefined;
        return signInLink(settings.publicUrl || url, await makeSignInCode(database.db, app.id));
      },
      stop: () => {
        stopped ??= stopAll(started, settings.stopSeconds * 1000);
        return stopped;
      },
    };
  } catch (error) {
    await stopAll(started, 0).catch((failure) =>
      log.error({ error: String(failure) }, 'could not stop after a start that failed'),
    );
    throw error;
  }
};
