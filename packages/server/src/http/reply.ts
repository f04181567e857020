import type { Code, Envelope } from '@chanjing-avatar/protocol';
import { CODE } from '@chanjing-avatar/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseAway } from '../database/database.js';
import { ContractError } from '../errors/contract-error.js';
import { ProgramFailure } from '../renderer/program-failure.js';
import { StorageAwayError } from '../storage/storage.js';

export const envelope = <Data>(traceId: string, code: Code, msg: string, data: Data): Envelope<Data> => ({
  trace_id: traceId,
  code,
  msg,
  data,
});

/** Sends a failure in an envelope; 200 unless the caller asked for something that is no API call. */
export const sendFailure = (
  request: FastifyRequest,
  reply: FastifyReply,
  httpStatus: number,
  code: Code,
  msg: string,
  retryAfter?: number,
): FastifyReply => {
  // Not the msg: it repeats what was received. Failures of the server are logged with their reason.
  if (code !== CODE.internal) {
    request.log.info({ method: request.method, route: request.routeOptions.url, code }, 'refused');
  }
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  return reply.code(httpStatus).send(envelope(request.id, code, msg, null));
};

type Failure = { code: Code; msg: string; retryAfter?: number; unexpected?: true };

const FULL = /^(ENOSPC|EDQUOT|53100)$/;

const failureOf = (error: unknown): Failure => {
  if (error instanceof ContractError) {
    const { code, message: msg, retryAfter } = error;
    return { code, msg, ...(retryAfter === undefined ? {} : { retryAfter }) };
  }
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message: string };
  if (code?.startsWith('FST_') && statusCode !== undefined && statusCode < 500) {
    return { code: CODE.malformed, msg: message };
  }
  if (code !== undefined && FULL.test(code)) {
    return { code: CODE.internal, msg: "The server's disk is full. Try again later.", retryAfter: 60 };
  }
  if (isDatabaseAway(error)) {
    return { code: CODE.internal, msg: 'The database is restarting. Try again in a moment.', retryAfter: 1 };
  }
  if (error instanceof StorageAwayError) {
    return { code: CODE.internal, msg: 'The storage does not answer. Try again in a moment.', retryAfter: 5 };
  }
  if (error instanceof ProgramFailure) {
    return {
      code: CODE.internal,
      msg: 'The render engine is not available. Try again in a moment.',
      retryAfter: 5,
    };
  }
  return { code: CODE.internal, msg: 'Internal error. Give the operator this trace_id.', unexpected: true };
};

/** The one place where an error becomes a reply; what was not foreseen is logged with its stack. */
export const sendError = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  httpStatus = 200,
): FastifyReply => {
  const failure = failureOf(error);
  if (failure.code === CODE.internal) {
    request.log.error({ error: failure.unexpected ? (error as Error).stack : String(error) }, failure.msg);
  }
  return sendFailure(request, reply, httpStatus, failure.code, failure.msg, failure.retryAfter);
};
