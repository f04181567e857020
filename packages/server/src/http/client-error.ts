import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { CODE } from '@chanjing-avatar/protocol';
import { newId } from '../identifiers.js';
import { envelope } from './reply.js';

const ANSWERS: Record<string, { status: number; msg: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, msg: 'the address and headers are longer than 16 kB' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, msg: 'the request did not come in time' },
};

/** Answers bytes that are no HTTP request, in an envelope like everything else, and closes. */
export const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, msg } = ANSWERS[error.code ?? ''] ?? { status: 400, msg: 'this is not an HTTP request' };
  const body = JSON.stringify(envelope(newId(), CODE.malformed, msg, null));
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
};
