import { TASK_STATUS } from '@chanjing-avatar/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Services } from '../services.js';
import type { Workers } from '../start-workers.js';

export type Metrics = {
  /** A request that was answered. */
  answered(route: string, httpStatus: number, seconds: number): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
};

/** Where Prometheus asks. */
export const metricsRoute = (http: FastifyInstance, metrics: Metrics): void => {
  http.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
};

/** A server for the metrics alone. */
export const createMetricsServer = (metrics: Metrics): FastifyInstance => {
  const http: FastifyInstance = Fastify({ forceCloseConnections: true });
  metricsRoute(http, metrics);
  return http;
};

const STATE_NAMES: Record<number, string> = {
  [TASK_STATUS.pending]: 'pending',
  [TASK_STATUS.generating]: 'generating',
};

export const createMetrics = ({ db, jobs }: Pick<Services, 'db' | 'jobs'>, workers: Workers): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'chanjing_http_request_seconds',
    help: 'Time to answer requests.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers: [registry],
  });
  new Gauge({
    name: 'chanjing_open_tasks',
    help: 'Lip-sync tasks that wait or are rendered.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset();
      const rows = await db
        .selectFrom('task')
        .select((select) => ['status', select.fn.countAll<number>().as('count')])
        .where('status', '<', TASK_STATUS.success)
        .groupBy('status')
        .execute()
        // The other figures matter most while the database is away.
        .catch(() => undefined);
      if (!rows) return;
      for (const [status, state] of Object.entries(STATE_NAMES)) {
        this.set({ state }, rows.find((row) => row.status === Number(status))?.count ?? 0);
      }
    },
  });
  const oldest = new Gauge({
    name: 'chanjing_queue_oldest_seconds',
    help: 'How long the oldest job of a queue that could run has waited.',
    labelNames: ['queue'],
    registers: [registry],
  });
  new Gauge({
    name: 'chanjing_queue_jobs',
    help: 'Jobs of all servers that could run (waiting), or that one of them does (running).',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      this.reset();
      oldest.reset();
      const depths = await jobs.depths().catch(() => undefined);
      for (const [queue, { waiting, running, oldestSeconds }] of depths ?? []) {
        this.set({ queue, state: 'waiting' }, waiting);
        this.set({ queue, state: 'running' }, running);
        oldest.set({ queue }, oldestSeconds);
      }
    },
  });
  new Gauge({
    name: 'chanjing_running_jobs',
    help: 'Jobs that this server does now.',
    labelNames: ['queue'],
    registers: [registry],
    collect() {
      for (const [queue, { running }] of workers) this.set({ queue }, running);
    },
  });
  return {
    answered: (route, status, seconds) => requests.observe({ route, status: String(status) }, seconds),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
};
