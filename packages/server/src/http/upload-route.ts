import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CODE, type Code, LIMITS } from '@chanjing-avatar/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ContractError } from '../errors/contract-error.js';
import { restOf } from '../files/content-range.js';
import { TooSlowError } from '../files/keep-pace.js';
import { announcedFile, receiveUpload, type UploadOutcome } from '../files/receive-upload.js';
import { runningUploads } from '../files/running-uploads.js';
import type { Services } from '../services.js';
import { TooLargeError } from '../storage/storage.js';
import { envelope, sendError, sendFailure } from './reply.js';

type UploadRequest = FastifyRequest<{
  Params: { id: string };
  Querystring: Record<string, string | string[] | undefined>;
}>;

/** Says how many bytes of a file are there. */
const OFFSET_HEADER = 'upload-offset';

/** Beginnings of files are dropped when their sign_url has ended, and sooner where the disk is full. */
const SWEEP_MS = 60_000;
const IDLE_SECONDS = 60;

type Refusal = { status: number; msg: string; code?: Code; retryAfter?: number };

type AnnouncedFile = NonNullable<Awaited<ReturnType<typeof announcedFile>>>;

const single = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');

const announcedBytes = (request: FastifyRequest): number | undefined => {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
};

/** The file that a sign_url is for, or why it is for none. */
const signedFile = async (services: Services, request: UploadRequest): Promise<AnnouncedFile | Refusal> => {
  const { id } = request.params;
  const { expires, signature } = request.query;
  const file = await announcedFile(services, id);
  const wrong = { status: 403, msg: 'this is not a sign_url of this server: ask for a new one' };
  if (!file) return wrong;
  const type = file.mime_type;
  const verdict = services.signer.checkUpload(id, type, single(expires), single(signature));
  if (verdict === 'wrong') return wrong;
  if (verdict === 'expired') return { status: 403, msg: 'the sign_url has expired: ask for a new one' };
  return file;
};

/** The file that the upload is for, or why it is refused before a byte is read. */
const fileOf = async (services: Services, request: UploadRequest): Promise<AnnouncedFile | Refusal> => {
  const file = await signedFile(services, request);
  if ('msg' in file) return file;
  const type = file.mime_type;
  const sent = request.headers['content-type'] ?? 'nothing';
  if (sent !== type)
    return { status: 403, msg: `Content-Type: received ${sent}, expected the mime_type ${type}` };
  if ((announcedBytes(request) ?? 0) > services.settings.maxUploadBytes) return tooLarge(services);
  return file;
};

const tooLarge = ({ settings }: Services): Refusal => ({
  status: 413,
  msg: `the file is larger than ${settings.maxUploadBytes} bytes`,
});

const OUTCOMES: Partial<Record<UploadOutcome, Refusal>> = {
  'unknown-file': { status: 403, msg: 'the file was deleted meanwhile: ask for a new sign_url' },
  'already-uploaded': {
    status: 409,
    msg: 'other bytes were uploaded here already and cannot be replaced: ask for a new sign_url',
  },
  busy: {
    status: 409,
    msg: 'another upload to this sign_url is under way: wait for it to end, or ask for a new one',
    retryAfter: 5,
  },
  'no-room': { status: 507, msg: "the server's disk is full; try again later", retryAfter: 60 },
};

const refusalOfError = (error: unknown): Refusal | undefined => {
  if (error instanceof TooLargeError) return { status: 413, msg: error.message };
  if (error instanceof TooSlowError) return { status: 408, msg: error.message };
  if (error instanceof ContractError) return { status: 413, msg: error.message, code: error.code };
  return undefined;
};

/** A body that was cut off is given so long to be written before it is said how much of it is there. */
const SETTLE_MS = 2000;

/** What a refused sender still sends is read for this long; cut off at once, it would not read why. */
const LINGER_MS = 3000;

/**
 * A refusal in the middle of a body closes the connection: what still comes could pass for the next request. The answer
 * is sent whole at once, but ends only when the sender has stopped or had time to read it; closed before, unread bytes
 * would make the system throw the answer away.
 */
const lingering = (request: FastifyRequest, answer: string): Readable => {
  const { raw } = request;
  const stream = new Readable({ read: () => {} });
  stream.push(answer);
  const end = (): void => {
    clearTimeout(timer);
    raw.off('end', end).off('close', end);
    stream.push(null);
  };
  const timer = setTimeout(end, LINGER_MS);
  raw.once('end', end).once('close', end).resume();
  return stream;
};

const closeAfterRefusals = (scope: FastifyInstance): void => {
  scope.addHook('onSend', async (request, reply, payload) => {
    if (request.raw.complete || typeof payload !== 'string') return payload;
    reply.header('connection', 'close').header('content-length', Buffer.byteLength(payload));
    return lingering(request, payload);
  });
};

const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply => {
  const { status, msg, code = CODE.parameter, retryAfter } = refusal;
  return sendFailure(request, reply, status, code, msg, retryAfter);
};

/** PUT of an announced file: streamed to storage, never held in memory. Nothing where the storage is reached directly. */
export const uploadRoute = (http: FastifyInstance, services: Services): void => {
  const { uploads } = services.storage;
  if (!('receive' in uploads)) return;
  const beginUpload = runningUploads(services);
  /** The end of each body that comes, by file. */
  const receiving = new Map<string, Promise<void>>();
  const sweeping = setInterval(() => void uploads.kept.sweep(LIMITS.uploadUrlSeconds), SWEEP_MS);
  http.addHook('onClose', async () => clearInterval(sweeping));
  void http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    closeAfterRefusals(scope);
    scope.setErrorHandler((error, request, reply) => {
      const { statusCode = 500 } = error as { statusCode?: number };
      if (statusCode !== 415) return sendError(error, request, reply, statusCode);
      const msg = 'Content-Type: received nothing, expected the mime_type of create_upload_url';
      return sendFailure(request, reply, statusCode, CODE.parameter, msg);
    });
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    // How much is there of a body that was cut off; what of it has arrived is written first.
    scope.head('/upload/:id', async (request: UploadRequest, reply) => {
      const file = await signedFile(services, request);
      if ('msg' in file) return refuse(request, reply, file);
      await Promise.race([receiving.get(file.id), sleep(SETTLE_MS, undefined, { ref: false })]);
      const stored = await uploads.kept.size(file.id);
      return reply.header(OFFSET_HEADER, stored).header('cache-control', 'no-store').send();
    });
    scope.put(
      '/upload/:id',
      { bodyLimit: Number.MAX_SAFE_INTEGER },
      async (request: UploadRequest, reply) => {
        const file = await fileOf(services, request);
        if ('msg' in file) return refuse(request, reply, file);
        const rest = restOf(request.headers['content-range'], announcedBytes(request));
        const stored = rest ? await uploads.kept.size(file.id) : 0;
        if (rest === 'wrong' || (rest && rest.from !== stored)) {
          reply.header(OFFSET_HEADER, stored);
          return refuse(request, reply, {
            status: 416,
            msg: `Content-Range: received ${request.headers['content-range']}, expected the rest of the file from byte ${stored} to its last`,
          });
        }
        const { from, total } = rest ?? { from: 0, total: announcedBytes(request) };
        if ((total ?? 0) > services.settings.maxUploadBytes)
          return refuse(request, reply, tooLarge(services));
        const body = { source: request.body as Readable, bytes: total, from };
        let outcome: UploadOutcome;
        try {
          const received = receiveUpload(services, uploads.receive, beginUpload, file, body);
          if (!receiving.has(file.id)) {
            const over = Promise.allSettled([received]).then(() => void receiving.delete(file.id));
            receiving.set(file.id, over);
          }
          outcome = await received;
        } catch (error) {
          const refusal = refusalOfError(error);
          if (refusal) return refuse(request, reply, refusal);
          const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
          return sendError(error, request, reply, full ? 507 : 500);
        }
        if (outcome === 'no-room') await uploads.kept.sweep(IDLE_SECONDS);
        const refused = OUTCOMES[outcome];
        if (refused) return refuse(request, reply, refused);
        return envelope(request.id, CODE.success, 'success', null);
      },
    );
  });
};
