import { deliverCallback } from './callbacks/deliver.js';
import type { GuardedPost } from './callbacks/guarded-request.js';
import { checkFile } from './files/check.js';
import { directOf } from './files/direct-uploads.js';
import { QUEUES, type QueueName } from './queue/job-queue.js';
import { startWorker, type Worker, type WorkerOptions } from './queue/worker.js';
import type { Services } from './services.js';
import type { Role } from './shared-settings.js';
import { renderTask } from './tasks/render.js';
import { makeSpeech } from './voices/speech-tasks.js';

/** Which queues a role works on: callbacks need the internet, the others a processor. */
const QUEUES_OF: Readonly<Record<Role, readonly QueueName[]>> = {
  all: QUEUES,
  api: ['callback'],
  worker: QUEUES.filter((queue) => queue !== 'callback'),
};

/** The workers of this process. */
export type Workers = ReadonlyMap<QueueName, Worker>;

type Duty = Pick<WorkerOptions, 'concurrency' | 'perApp' | 'handle'>;

const dutiesOf = (services: Services, post: GuardedPost): Record<QueueName, Duty> => {
  const { renders, rendersPerApp } = services.settings;
  // At least two places, of which one app never has all: its files may take as long as they are allowed to. What an app
  // may have counts over all workers, of which only the operator knows how many there are.
  const places = renders === 0 ? 0 : Math.max(2, renders);
  const perApp = Math.max(1, places - 1, directOf(services) ? rendersPerApp : 0);
  const shared = { concurrency: places, perApp };
  return {
    check: { ...shared, handle: (job, signal) => checkFile(services, job, signal) },
    render: {
      concurrency: renders,
      perApp: rendersPerApp,
      handle: (job, signal) => renderTask(services, job, signal),
    },
    speak: { ...shared, handle: (job, signal) => makeSpeech(services, job, signal) },
    callback: {
      concurrency: 8,
      perApp: 4,
      handle: (job, signal) => deliverCallback(services, post, job, signal),
    },
  };
};

export const startWorkers = (services: Services, post: GuardedPost): Workers => {
  const { jobs, log, settings } = services;
  const duties = dutiesOf(services, post);
  return new Map(
    QUEUES_OF[settings.role].map((queue) => [queue, startWorker({ queue, jobs, log, ...duties[queue] })]),
  );
};
