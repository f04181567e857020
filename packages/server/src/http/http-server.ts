import { randomUUID } from 'node:crypto';
import { CODE, ENDPOINTS } from '@chanjing-avatar/protocol';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { ContractError } from '../errors/contract-error.js';
import type { Services } from '../services.js';
import type { TaskWatch } from '../tasks/watch.js';
import { apiRoutes } from './api-routes.js';
import { answerClientError } from './client-error.js';
import { consoleRoute } from './console-route.js';
import { allowOrigins } from './cors.js';
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

/** Drops a byte order mark, which some clients write; throws for bytes that are no UTF-8. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whatever content type a client claims, bodies are JSON in UTF-8; none at all is an empty object. */
const readJsonBodies = (http: FastifyInstance): void => {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (_request, body, done) => {
    try {
      const text = utf8.decode(body as Buffer);
      done(null, text === '' ? {} : JSON.parse(text));
    } catch (error) {
      const reason = (error as Error).message;
      done(new ContractError(CODE.malformed, `the body is not JSON in UTF-8: ${reason}`));
    }
  });
};

/** Requests that come on open connections while the server stops; new connections are not accepted any more. */
const refuseWhenClosing = (http: FastifyInstance): void => {
  let closing = false;
  http.addHook('preClose', async () => {
    closing = true;
  });
  http.addHook('onRequest', async (request, reply) => {
    if (!closing) return;
    reply.header('connection', 'close');
    const status = request.url.startsWith('/open/') ? 200 : 503;
    const msg = 'The server is stopping. Try again in a moment.';
    return sendFailure(request, reply, status, CODE.internal, msg, 5);
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

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** Answers what is no call of the API. */
const sendNowhere = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const path = request.url.split('?')[0]!;
  const method = METHODS.get(path) ?? (path.startsWith('/upload/') ? 'PUT' : undefined);
  if (method) return sendFailure(request, reply, 405, CODE.malformed, `this call is a ${method}`);
  return sendFailure(request, reply, 404, CODE.malformed, 'there is nothing at this address; see /docs');
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
    return503OnClosing: false,
    routerOptions: { maxParamLength: 500 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      sendError(error, request, reply, 400);
    },
  }) as never;
  http.addHook('onSend', async (request, reply) => {
    reply.header('x-trace-id', request.id);
    // The rest of a body that was not wanted could pass for the next request.
    if (hasBody(request) && !request.raw.complete) reply.header('connection', 'close');
  });
  // What is sent to no address is not worth reading, least of all an upload that is a POST.
  http.setErrorHandler((error, request, reply) =>
    request.is404 ? sendNowhere(request, reply) : sendError(error, request, reply),
  );
  http.setNotFoundHandler(sendNowhere);
  allowOrigins(http, services.settings.corsOrigins);
  refuseWhenClosing(http);
  readJsonBodies(http);
  closeSlowBodies(http);
  logAnswers(http, metrics);
  apiRoutes(http, services);
  eventRoute(http, services, watch);
  uploadRoute(http, services);
  fileRoute(http, services);
  operationRoutes(http, services, metrics);
  consoleRoute(http, services);
  return http;
};
