import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { type AppSecrets, createApp, listApps, tokenReader } from './apps/apps.js';
import { deliverCallback } from './callbacks/deliver.js';
import { guardedPost } from './callbacks/guarded-request.js';
import { ServerError } from './errors/server-error.js';
import { checkFile } from './files/check.js';
import { fileReader } from './files/files.js';
import { openUrlSigner } from './files/signed-urls.js';
import { startSweeping } from './files/sweep.js';
import { createHttpServer } from './http/http-server.js';
import { createMetrics, createMetricsServer } from './http/metrics.js';
import { type OpenDatabase, openServerDatabase } from './open-database.js';
import { makePrivateDirectory } from './private-directory.js';
import { QUEUES, type QueueName, startJobQueue } from './queue/job-queue.js';
import { startWorker, type Worker, type WorkerOptions } from './queue/worker.js';
import { endMarked, JOB_MARK } from './renderer/marked-processes.js';
import { renderProgram } from './renderer/render-program.js';
import type { Services } from './services.js';
import { makeSignInCode, signInLink } from './sessions/sessions.js';
import type { Settings } from './settings.js';
import { openLocalDisk } from './storage/local-disk.js';
import { renderTask } from './tasks/render.js';
import { taskReads } from './tasks/task-reads.js';
import { watchTasks } from './tasks/watch.js';
import { makeSpeech } from './voices/speech-tasks.js';
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

type Assembly = { services: Services; workers: Record<QueueName, Worker> };

const assemble = async (
  { settings, program }: ServeOptions,
  database: OpenDatabase,
  log: Logger,
  started: Started,
): Promise<Assembly> => {
  const { db } = database;
  const dataDir = path.resolve(settings.dataDir);
  const workDir = path.join(dataDir, 'work');
  const trackDir = path.join(dataDir, 'face-tracks');
  await clearLeftovers(workDir, log);
  makePrivateDirectory(trackDir);
  const jobs = await startJobQueue(database, (error) => log.warn({ error: String(error) }, 'queue'));
  started.base.push(jobs.stop);
  // Alone on this database, whatever is claimed was claimed by a server that is gone.
  await jobs.recover();
  const signer = await openUrlSigner(database, settings.urlMinutes);
  started.base.push(async () => signer.close());
  const renderer = renderProgram(workDir, log, settings, program);
  const workers: Partial<Record<QueueName, Worker>> = {};
  const services: Services = {
    settings,
    db,
    jobs,
    appOfToken: tokenReader(db),
    reads: taskReads(db),
    fileOf: fileReader(db),
    storage: await openLocalDisk(dataDir),
    signer,
    program: renderer,
    voices: voiceCatalogue(renderer),
    workDir,
    trackDir,
    log,
    wake: (queue) => workers[queue]?.wake(),
    abort: (queue, id) => workers[queue]?.abort(id),
  };
  const posts = guardedPost(settings.callbackAllow);
  started.base.push(posts.close);
  const { renders, rendersPerApp } = settings;
  // At least two places, of which one app never has all: its files may take as long as they are allowed to.
  const places = renders === 0 ? 0 : Math.max(2, renders);
  const shared = { concurrency: places, perApp: Math.max(1, places - 1) };
  const duties: Record<QueueName, Pick<WorkerOptions, 'concurrency' | 'perApp' | 'handle'>> = {
    check: {
      ...shared,
      handle: (job, signal) => checkFile(services, job, signal),
    },
    render: {
      concurrency: renders,
      perApp: rendersPerApp,
      handle: (job, signal) => renderTask(services, job, signal),
    },
    speak: {
      ...shared,
      handle: (job, signal) => makeSpeech(services, job, signal),
    },
    callback: {
      concurrency: 8,
      perApp: 4,
      handle: (job, signal) => deliverCallback(services, posts.post, job, signal),
    },
  };
  for (const queue of QUEUES) {
    const worker = startWorker({ queue, jobs, log, ...duties[queue] });
    workers[queue] = worker;
    started.busy.push(worker.stop);
  }
  return { services, workers: workers as Record<QueueName, Worker> };
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

const firstAppOf = async ({ db }: OpenDatabase): Promise<AppSecrets | undefined> =>
  (await listApps(db)).length === 0 ? createApp(db, 'default') : undefined;

/** Starts a server on a data directory. Throws {@link ServerError} with what to do. */
export const serve = async (options: ServeOptions): Promise<RunningServer> => {
  const { settings } = options;
  const log = createLog(settings.logLevel);
  const database = await openServerDatabase(settings, (error) =>
    log.warn({ error: error.message }, 'database'),
  );
  const started: Started = { busy: [], base: [database.close] };
  try {
    const { services, workers } = await assemble(options, database, log, started);
    const watch = watchTasks(services);
    started.busy.push(async () => watch.stop());
    const running = (): Record<QueueName, number> =>
      Object.fromEntries(QUEUES.map((queue) => [queue, workers[queue].running])) as Record<QueueName, number>;
    const metrics = createMetrics(database.db, running);
    const http = createHttpServer(services, watch, metrics);
    if (settings.metricsAddress) {
      const apart = createMetricsServer(metrics);
      started.base.push(() => apart.close());
      await listen(apart, addressOf(settings.metricsAddress));
    }
    started.busy.push((graceMs) => closeHttp(http, graceMs), startSweeping(services));
    const url = await listen(http, settings);
    const firstApp = await firstAppOf(database);
    // The first request for voices should not have to wait for the engine to load.
    services.voices
      .list()
      .catch((error) => log.error({ error: String(error) }, 'the voices could not be listed'));
    log.info({ url }, 'ready');
    let stopped: Promise<void> | undefined;
    return {
      url,
      firstApp,
      signInLink: async () => {
        const app = (await listApps(database.db)).find(({ disabledAt }) => !disabledAt);
        if (!app) return undefined;
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
