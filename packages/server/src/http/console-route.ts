import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { directOf } from '../files/direct-uploads.js';
import type { Services } from '../services.js';

/** Where the build of `packages/console` puts its files; absent when it was not built. */
const DIRECTORY: string = fileURLToPath(new URL('../../console/', import.meta.url));

const PAGE = 'index.html';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

type ConsoleFile = { readonly type: string; readonly plain: Buffer; readonly gzipped: Buffer };

/** A few small files, kept in memory. */
const readFiles = (): ReadonlyMap<string, ConsoleFile> => {
  if (!existsSync(DIRECTORY)) return new Map();
  const names = readdirSync(DIRECTORY).filter((name) => Object.hasOwn(TYPES, path.extname(name)));
  return new Map(
    names.map((name): [string, ConsoleFile] => {
      const plain = readFileSync(path.join(DIRECTORY, name));
      return [name, { type: TYPES[path.extname(name)]!, plain, gzipped: gzipSync(plain, { level: 9 }) }];
    }),
  );
};

/** Results and uploads have URLs of the public address and of the storage, other ones than the page was opened at. */
const elsewhere = (services: Services): string => {
  const { publicUrl, resultsUrl } = services.settings;
  const urls = [publicUrl, resultsUrl, directOf(services)?.origin ?? ''].filter(Boolean);
  return [...new Set(urls.map((url) => ` ${new URL(url).origin}`))].join('');
};

/** What the page may do: nothing but run its own files and talk to this server. */
const policyOf = (services: Services): string => {
  const files = elsewhere(services);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' blob: data:${files}`,
    `media-src 'self' blob: data:${files}`,
    `connect-src 'self'${files}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
};

const wantsPage = ({ headers }: FastifyRequest): boolean => /\btext\/html\b/.test(headers.accept ?? '');

const send = (
  request: FastifyRequest,
  reply: FastifyReply,
  { type, plain, gzipped }: ConsoleFile,
): FastifyReply => {
  const isGzipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (isGzipped) reply.header('content-encoding', 'gzip');
  return reply
    .header('vary', 'accept-encoding, accept')
    .header('x-content-type-options', 'nosniff')
    .type(type)
    .send(isGzipped ? gzipped : plain);
};

/** The console: a page at `/` for whoever asks for HTML, and its files, whose names change with what is in them. */
export const consoleRoute = (http: FastifyInstance, services: Services): void => {
  const files = readFiles();
  const page = files.get(PAGE);
  const policy = policyOf(services);
  http.get('/', async (request, reply) => {
    if (!page || !wantsPage(request)) return reply.callNotFound();
    reply
      .header('content-security-policy', policy)
      .header('x-frame-options', 'DENY')
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-opener-policy', 'same-origin')
      .header('permissions-policy', 'camera=(), geolocation=(), microphone=(self)')
      .header('cache-control', 'no-cache');
    return send(request, reply, page);
  });
  http.get('/console/:name', async (request: FastifyRequest<{ Params: { name: string } }>, reply) => {
    const { name } = request.params;
    const file = name === PAGE ? undefined : files.get(name);
    if (!file) return reply.callNotFound();
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return send(request, reply, file);
  });
};
