import { readFileSync } from 'node:fs';
import { openApiDocument } from '@chanjing-avatar/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Services } from '../services.js';
import { roomOf } from '../storage/room.js';
import { baseUrlOf } from './base-url.js';
import { type Metrics, metricsRoute } from './metrics.js';
import { referencePage } from './reference-page.js';

const { version: VERSION } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

/** For those who operate the server. */
const stateRoutes = (http: FastifyInstance, services: Services, metrics: Metrics): void => {
  // Alive: the process answers. Ready: it can also do its work.
  http.get('/health', async () => ({ status: 'ok' }));
  http.get('/ready', async (_request, reply) => {
    try {
      if ((await roomOf(services)) > 0) return { status: 'ok' };
      return reply.code(503).send({ status: 'not ready', reason: 'the disk is full' });
    } catch (error) {
      return reply.code(503).send({ status: 'not ready', reason: (error as Error).message });
    }
  });
  if (!services.settings.metricsAddress) metricsRoute(http, metrics);
};

/** For those who operate the server and those who read about the API. */
export const operationRoutes = (http: FastifyInstance, services: Services, metrics: Metrics): void => {
  stateRoutes(http, services, metrics);
  http.get('/openapi.json', async (request) =>
    openApiDocument({ url: baseUrlOf(services.settings, request), version: VERSION }),
  );
  http.get('/docs', async (request, reply) =>
    reply.type('text/html; charset=utf-8').send(referencePage(baseUrlOf(services.settings, request))),
  );
};

/** The server of a process that takes no calls: it only says how it is. */
export const createWorkerServer = (services: Services, metrics: Metrics): FastifyInstance => {
  const http: FastifyInstance = Fastify({ forceCloseConnections: true });
  stateRoutes(http, services, metrics);
  return http;
};
