import { pipeline } from 'node:stream/promises';
import { CODE } from '@chanjing-avatar/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import { directOf } from '../files/direct-uploads.js';
import type { Services } from '../services.js';
import { contentTypeOf } from '../storage/content-types.js';
import type { ByteRange, StoredObject } from '../storage/storage.js';
import { auditions } from '../voices/auditions.js';
import { sendError, sendFailure } from './reply.js';

const KEY = /^[a-z-]+\/(?:\d+\/)?[0-9a-f]{32}\.[a-z0-9]+$/;

type FileRequest = FastifyRequest<{
  Params: { signature: string; '*': string };
  Querystring: { expires?: string | string[] };
}>;

/** One range as in RFC 9110; undefined means the whole object, null a range outside it. */
const rangeOf = (header: string | undefined, size: number): ByteRange | undefined | null => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? null : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start < size ? { start, end } : null;
};

const entityTag = ({ size, modified }: StoredObject): string =>
  `"${size.toString(36)}-${modified.getTime().toString(36)}"`;

const describe = (reply: FastifyReply, key: string, object: StoredObject): void => {
  reply.raw.setHeader('content-type', contentTypeOf(key));
  reply.raw.setHeader('accept-ranges', 'bytes');
  reply.raw.setHeader('etag', entityTag(object));
  reply.raw.setHeader('last-modified', object.modified.toUTCString());
  reply.raw.setHeader('cache-control', 'private, max-age=3600');
  reply.raw.setHeader('x-content-type-options', 'nosniff');
};

const requestedRange = (request: FastifyRequest, object: StoredObject): ByteRange | undefined | null => {
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== entityTag(object)) return undefined;
  return rangeOf(request.headers.range, object.size);
};

const serve = async (
  { storage }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  object: StoredObject,
): Promise<void> => {
  reply.hijack();
  const { raw } = reply;
  describe(reply, key, object);
  if (request.headers['if-none-match'] === entityTag(object)) {
    raw.writeHead(304).end();
    return;
  }
  const range = requestedRange(request, object);
  if (range === null) {
    raw.writeHead(416, { 'content-range': `bytes */${object.size}` }).end();
    return;
  }
  const length = range ? range.end - range.start + 1 : object.size;
  raw.setHeader('content-length', length);
  if (range) raw.setHeader('content-range', `bytes ${range.start}-${range.end}/${object.size}`);
  raw.writeHead(range ? 206 : 200);
  if (request.method === 'HEAD' || object.size === 0) {
    raw.end();
    return;
  }
  // A caller that leaves in the middle is no error of ours.
  await pipeline(storage.read(key, range), raw).catch(() => raw.destroy());
};

/** A storage that callers reach serves a URL of its own for so long; no longer than the one that led there. */
const LINK_SECONDS = 3600;
const linkSecondsOf = ({ urlMinutes }: Services['settings']): number =>
  urlMinutes === 0 ? LINK_SECONDS : Math.min(LINK_SECONDS, urlMinutes * 60);

const methodOf = ({ method }: FastifyRequest): 'GET' | 'HEAD' => (method === 'HEAD' ? 'HEAD' : 'GET');

/**
 * Uploads, results, covers, speech and voice samples: whoever has the URL may read it, in parts too. Where callers reach
 * the storage, they are sent there.
 */
export const fileRoute = (http: FastifyInstance, services: Services): void => {
  const ensureAudition = auditions(services);
  const direct = directOf(services);
  const linkSeconds = linkSecondsOf(services.settings);
  const options: RouteShorthandOptions = {
    exposeHeadRoute: true,
    // Whoever loads media looks at the status, not into an envelope.
    errorHandler: (error, request, reply) => {
      sendError(error, request, reply, 503);
    },
  };
  http.get('/files/:signature/*', options, async (request: FileRequest, reply) => {
    const { signature, '*': key } = request.params;
    const { expires } = request.query;
    const until = typeof expires === 'string' ? expires : '';
    const verdict = KEY.test(key) ? services.signer.checkRead(key, until, signature) : 'wrong';
    if (verdict === 'expired') {
      const msg = 'this URL has expired: ask for the file or task again, its answer has a new one';
      return sendFailure(request, reply, 403, CODE.parameter, msg);
    }
    const known = verdict === 'ok';
    if (known && key.startsWith('auditions/')) await ensureAudition(key);
    const object = known ? await services.storage.head(key) : undefined;
    if (!object) return sendFailure(request, reply, 404, CODE.parameter, 'there is no such file');
    if (direct) return reply.redirect(await direct.readUrl(key, methodOf(request), linkSeconds), 302);
    await serve(services, request, reply, key, object);
    return reply;
  });
};
