import { randomUUID } from 'node:crypto';
import { CODE, ENDPOINTS } from '@chanjing-avatar/protocol';
import Fastify, { type FastifyInstance, LogController } from 'fastify';

import type { Services } from '../services.js';
import type { TaskWatch } from '../tasks/watch.js';
import { apiRoutes } from './api-routes.js';
import { answerClientError } from './client-error.js';
import { eventRoute } from './event-route.js';
import { fileRoute } from './file-route.js';
import type { Metrics } from './metrics.js';
import { operationRoutes } from './operation-routes.js';
import { sendError, sendFailure } from './reply.js';
import { uploadRoute } from './upload-route.js';

const BODY_BYTES = 1024 * 1024;
/** A connection on which nothing moves for this long is closed. */
const SILENCE_MS = 120_000;
/** A JSON body must have come in this time. */
const BODY_MS = 30_000;

const METHODS: ReadonlyMap<string, string> = new Map(
  Object.values(ENDPOINTS).map((endpoint) => [endpoint.path, endpoint.method]),
);

/** Whatever content type a client claims, bodies are JSON; none at all is an empty object. */
const readJsonBodies = (http: FastifyInstance): void => {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(body as string));
    } catch (error) {
      const reason = (error as Error).message;
      done(
        Object.assign(new Error(`the body is not JSON: ${reason}`), {
          code: 'FST_BAD_JSON',
          statusCode: 400,
        }),
      );
    }
  });
};

const closeSlowBodies = (http: FastifyInstance): void => {
  const timers = new WeakMap<object, NodeJS.Timeout>();
  http.addHook('onRequest', async (request) => {
    if (request.method !== 'POST') return;
    timers.set(
      request.raw,
      setTimeout(() => request.raw.destroy(), BODY_MS),
    );
  });
  const stop = async (request: { raw: object }): Promise<void> => clearTimeout(timers.get(request.raw));
  http.addHook('preHandler', stop);
  http.addHook('onError', stop);
  http.addHook('onRequestAbort', stop);
};

const logAnswers = (http: FastifyInstance, metrics: Metrics): void => {
  http.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const ms = Math.round(reply.elapsedTime);
    metrics.answered(`${request.method} ${route}`, reply.statusCode, reply.elapsedTime / 1000);
    // The route, not the URL: URLs carry signatures.
    request.log.debug({ method: request.method, route, status: reply.statusCode, ms }, 'answered');
  });
};

/** The whole server but its port. */
export const createHttpServer = (services: Services, watch: TaskWatch, metrics: Metrics): FastifyInstance => {
  const http: FastifyInstance = Fastify({
    loggerInstance: services.log as never,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'trace_id' }),
    // From Node's pool of random bytes; a trace id needs no more.
    genReqId: () => randomUUID().replaceAll('-', ''),
    trustProxy: services.settings.trustProxy,
    bodyLimit: BODY_BYTES,
    requestTimeout: 0,
    connectionTimeout: SILENCE_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      sendError(error, request, reply, 400);
    },
  }) as never;
  http.addHook('onSend', async (request, reply) => {
    reply.header('x-trace-id', request.id);
  });
  http.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  http.setNotFoundHandler((request, reply) => {
    const method = METHODS.get(request.url.split('?')[0]!);
    if (method) return sendFailure(request, reply, 405, CODE.malformed, `this call is a ${method}`);
    return sendFailure(request, reply, 404, CODE.malformed, 'there is nothing at this address; see /docs');
  });
  readJsonBodies(http);
  closeSlowBodies(http);
  logAnswers(http, metrics);
  apiRoutes(http, services);
  eventRoute(http, services, watch);
  uploadRoute(http, services);
  fileRoute(http, services);
  operationRoutes(http, services, metrics);
  return http;
};
