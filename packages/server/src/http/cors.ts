import { IDEMPOTENCY_HEADER, TOKEN_HEADER } from '@chanjing-avatar/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';

const METHODS = 'GET, HEAD, POST, PUT';
/** What pages may send: calls, uploads, and reads of parts of results. */
const REQUEST_HEADERS = [
  TOKEN_HEADER,
  'content-type',
  IDEMPOTENCY_HEADER,
  'range',
  'if-range',
  'if-none-match',
  'content-range',
];
/** What pages may read besides what every page may. */
const REPLY_HEADERS = [
  'x-trace-id',
  'retry-after',
  'content-range',
  'accept-ranges',
  'etag',
  'upload-offset',
];
const PREFLIGHT_SECONDS = 7200;

const permit = ({ raw }: FastifyReply, origin: string): void => {
  raw.setHeader('access-control-allow-origin', origin);
  raw.setHeader('access-control-expose-headers', REPLY_HEADERS.join(', '));
};

const answerPreflight = (reply: FastifyReply): FastifyReply =>
  reply
    .code(204)
    .header('access-control-allow-methods', METHODS)
    .header('access-control-allow-headers', REQUEST_HEADERS.join(', '))
    .header('access-control-max-age', String(PREFLIGHT_SECONDS))
    .send();

/**
 * Lets pages of these origins (`*`: of any) call the API, upload and read results. Calls carry their token in a header
 * of their own and never a cookie, so a page gains nothing that its token does not give it. Without origins nothing
 * changes: browsers then keep pages of other origins out.
 */
export const allowOrigins = (http: FastifyInstance, origins: readonly string[]): void => {
  if (origins.length === 0) return;
  const any = origins.includes('*');
  http.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (!any) reply.raw.setHeader('vary', 'origin');
    if (origin === undefined || !(any || origins.includes(origin))) return;
    // Set on the raw reply, so that streamed replies have them too.
    permit(reply, any ? '*' : origin);
    const preflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'];
    if (preflight) return answerPreflight(reply);
  });
};
