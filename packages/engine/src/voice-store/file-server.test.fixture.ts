import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server with files in memory, which counts what it is asked and can be told to misbehave. */
export type FileServer = {
  readonly url: string;
  readonly files: Map<string, Buffer>;
  /** `GET /name 100-`, the byte range where one was asked for. */
  readonly asked: string[];
  /** Breaks the connection after so many bytes of an answer. */
  cutAfter: number | undefined;
  /** Says so instead of the file. */
  status: number | undefined;
  /** Bytes that are sent before a pause of 20 ms; everything at once by default. */
  pace: number | undefined;
  /** Called before every piece of an answer. */
  onPiece: (() => void) | undefined;
  close(): Promise<void>;
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

export const startFileServer = async (): Promise<FileServer> => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://any').pathname.slice(1));
    const range = /^bytes=(\d+)-$/u.exec(request.headers.range ?? '');
    server.asked.push(`GET /${name}${range ? ` ${range[1]}-` : ''}`);
    const file = server.files.get(name);
    const status = server.status ?? (file === undefined ? 404 : 200);
    if (status !== 200 || file === undefined) {
      response.writeHead(status).end();
      return;
    }
    const from = Number(range?.[1] ?? 0);
    const rest = file.subarray(from);
    response.writeHead(range ? 206 : 200, {
      'content-length': rest.length,
      ...(range && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
    });
    const end = Math.min(rest.length, server.cutAfter ?? rest.length);
    for (let at = 0; at < end; at += server.pace ?? end) {
      server.onPiece?.();
      response.write(rest.subarray(at, Math.min(end, at + (server.pace ?? end))));
      if (server.pace) await pause();
    }
    // What was written arrives before the line is cut.
    if (end < rest.length) setTimeout(() => response.socket?.end(), 30);
    else response.end();
  };
  const http = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  const server: FileServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    files: new Map(),
    asked: [],
    cutAfter: undefined,
    status: undefined,
    pace: undefined,
    onPiece: undefined,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
};
