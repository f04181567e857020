import type { Readable } from 'node:stream';
import { CODE } from '@chanjing-avatar/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { UploadOutcome } from '../files/files.js';
import { announcedType, receiveUpload } from '../files/files.js';
import type { Services } from '../services.js';
import { hasRoom } from '../storage/room.js';
import { TooLargeError } from '../storage/storage.js';
import { envelope, sendError, sendFailure } from './reply.js';

type UploadRequest = FastifyRequest<{
  Params: { id: string };
  Querystring: Record<string, string | string[] | undefined>;
}>;

type Refusal = { status: number; msg: string };

const single = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');

/** Why the upload is refused before a byte is read. */
const refusalOf = async (services: Services, request: UploadRequest): Promise<Refusal | undefined> => {
  const { id } = request.params;
  const { expires, signature } = request.query;
  const type = await announcedType(services, id);
  const wrong = { status: 403, msg: 'this is not a sign_url of this server: ask for a new one' };
  if (!type) return wrong;
  const verdict = services.signer.checkUpload(id, type, single(expires), single(signature));
  if (verdict === 'wrong') return wrong;
  if (verdict === 'expired') return { status: 403, msg: 'the sign_url has expired: ask for a new one' };
  const sent = request.headers['content-type'] ?? 'nothing';
  if (sent !== type)
    return { status: 403, msg: `Content-Type: received ${sent}, expected the mime_type ${type}` };
  const limit = services.settings.maxUploadBytes;
  const size = Number(request.headers['content-length'] ?? 0);
  if (size > limit) return { status: 413, msg: `the file is larger than ${limit} bytes` };
  if (!(await hasRoom(services.storage, size)))
    return { status: 507, msg: "the server's disk is full; try again later" };
  return undefined;
};

const OUTCOMES: Partial<Record<UploadOutcome, Refusal>> = {
  'unknown-file': { status: 403, msg: 'the file was deleted meanwhile: ask for a new sign_url' },
  'already-uploaded': {
    status: 409,
    msg: 'other bytes were uploaded here already and cannot be replaced: ask for a new sign_url',
  },
};

/** A refused sender may go on for this long before it is cut off; cut off at once, it would not read why. */
const LINGER_MS = 3000;

const cutOffLater = (request: FastifyRequest): void => {
  const timer = setTimeout(() => {
    if (!request.raw.complete) request.raw.destroy();
  }, LINGER_MS);
  timer.unref();
};

const refuse = (request: FastifyRequest, reply: FastifyReply, { status, msg }: Refusal): FastifyReply => {
  cutOffLater(request);
  return sendFailure(request, reply, status, CODE.parameter, msg);
};

/** PUT of an announced file: streamed to storage, never held in memory. */
export const uploadRoute = (http: FastifyInstance, services: Services): void => {
  void http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.setErrorHandler((error, request, reply) => {
      const { statusCode = 500 } = error as { statusCode?: number };
      if (statusCode !== 415) return sendError(error, request, reply, statusCode);
      const msg = 'Content-Type: received nothing, expected the mime_type of create_upload_url';
      return sendFailure(request, reply, statusCode, CODE.parameter, msg);
    });
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.put(
      '/upload/:id',
      { bodyLimit: Number.MAX_SAFE_INTEGER },
      async (request: UploadRequest, reply) => {
        const refusal = await refusalOf(services, request);
        if (refusal) return refuse(request, reply, refusal);
        let outcome: UploadOutcome;
        try {
          outcome = await receiveUpload(services, request.params.id, request.body as Readable);
        } catch (error) {
          if (error instanceof TooLargeError)
            return refuse(request, reply, { status: 413, msg: error.message });
          cutOffLater(request);
          const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
          return sendError(error, request, reply, full ? 507 : 500);
        }
        const refused = OUTCOMES[outcome];
        if (refused) return refuse(request, reply, refused);
        return envelope(request.id, CODE.success, 'success', null);
      },
    );
  });
};
