import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The body as JSON, undefined when it is none. */
  readonly json: unknown;
};

/** What the peer answers: an envelope, any HTTP reply, a broken connection, or nothing at all. */
export type Answer =
  | { data: unknown; headers?: Record<string, string> }
  | { code: number; msg: string; headers?: Record<string, string> }
  | { status: number; body: string | Buffer; headers?: Record<string, string> }
  | 'break'
  | 'hang';

export type Handler = (request: SeenRequest) => Answer;

export type Peer = {
  readonly url: string;
  readonly requests: SeenRequest[];
  /** The token that is valid now, undefined before the first was issued. */
  token: string | undefined;
  readonly keys: { readonly appId: string; readonly secretKey: string };
  /** Answers of a route (`GET /path`) to its next calls; after them it behaves well again. A function answers all. */
  script(route: string, ...answers: (Answer | Handler)[]): void;
  seen(route: string): SeenRequest[];
  close(): Promise<void>;
};

export const FILE_ID = 'e284db4d95de4220afe78132158156b5';
export const TASK_ID = '9499ed79995c4bdb95f0d66ca84419fd';
export const SPEECH_ID = '0f3ac2bb6a5f4a3c8f0a1f5b9d1d2e3f';
export const VIDEO: Buffer = Buffer.from('not a real mp4, but its bytes');

const traceId = (): string => randomBytes(16).toString('hex');

/** A task as the peer tells of it. */
export const taskOf = (url: string, status: number, progress: number, msg = ''): Record<string, unknown> => ({
  id: TASK_ID,
  status,
  progress,
  msg,
  video_url: status === 20 ? `${url}/result/video.mp4` : '',
  preview_url: status === 20 ? `${url}/result/cover.jpg` : '',
  duration: status === 20 ? 5300 : 0,
  create_time: 1738636800,
});

const voice = (number: number): Record<string, unknown> => ({
  id: `C-${number}`,
  grade: 1,
  name: `声音 ${number}`,
  gender: 'female',
  lang: 'zh',
  desc: '',
  speed: 1,
  pitch: 1,
  audition: '',
});

const pageOf = (all: unknown[], query: { page?: unknown; size?: unknown }): Answer => {
  const page = Number(query.page ?? 1);
  const size = Number(query.size ?? 10);
  const page_info = { page, size, total_count: all.length, total_page: Math.ceil(all.length / size) };
  return { data: { list: all.slice((page - 1) * size, page * size), page_info } };
};

const PUBLIC = new Set([
  'POST /open/v1/access_token',
  'PUT /upload',
  'GET /result/video.mp4',
  'GET /result/cover.jpg',
]);

/** How a healthy server answers. */
const healthy = (peer: Peer): Record<string, Handler> => ({
  'POST /open/v1/access_token': ({ json }) => {
    const { app_id, secret_key } = json as Record<string, unknown>;
    if (app_id !== peer.keys.appId || secret_key !== peer.keys.secretKey)
      return { code: 40000, msg: '密钥错误' };
    peer.token = `token-${randomBytes(8).toString('hex')}`;
    return { data: { access_token: peer.token, expire_in: Math.floor(Date.now() / 1000) + 86_400 } };
  },
  'GET /open/v1/common/create_upload_url': ({ query }) => {
    const mime_type = /\.(mp3|wav|m4a)$/.test(query.name ?? '') ? 'audio/mpeg' : 'video/mp4';
    const sign_url = `${peer.url}/upload?signature=geheim`;
    return {
      data: { sign_url, mime_type, file_id: FILE_ID, full_path: `${peer.url}/files/${FILE_ID}`, key: 'k' },
    };
  },
  'PUT /upload': () => ({ status: 200, body: '' }),
  'GET /open/v1/common/file_detail': ({ query }) => ({ data: { id: query.id, status: 2, msg: '' } }),
  'POST /open/v1/video_lip_sync/create': () => ({ data: TASK_ID }),
  'GET /open/v1/video_lip_sync/detail': () => ({ data: taskOf(peer.url, 20, 100, 'success') }),
  'POST /open/v1/video_lip_sync/list': ({ json }) => {
    const { page, page_size: size } = json as { page?: number; page_size?: number };
    const all = Array.from({ length: 23 }, (_, index) => ({
      ...taskOf(peer.url, 20, 100),
      id: `task-${index}`,
    }));
    return pageOf(all, { page, size });
  },
  'POST /open/v1/video_lip_sync/cancel': () => ({ data: taskOf(peer.url, 30, 40, 'cancelled') }),
  'GET /result/video.mp4': () => ({ status: 200, body: VIDEO, headers: { 'content-type': 'video/mp4' } }),
  'GET /result/cover.jpg': () => ({ status: 200, body: 'cover', headers: { 'content-type': 'image/jpeg' } }),
  'GET /open/v1/list_common_audio': ({ query }) => pageOf([1, 2, 3].map(voice), query),
  'POST /open/v1/create_audio_task': () => ({ data: { task_id: SPEECH_ID } }),
  'POST /open/v1/audio_task_state': () => ({
    data: {
      id: SPEECH_ID,
      type: 'tts',
      status: 9,
      text: ['你好'],
      full: { url: `${peer.url}/result/video.mp4`, path: '', duration: 1.5 },
      slice: null,
      errMsg: '',
      errReason: '',
      subtitles: [],
    },
  }),
});

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': '*',
};

const sendAnswer = (answer: Answer, response: ServerResponse): void => {
  if (answer === 'hang') return;
  if (answer === 'break') {
    response.socket?.destroy();
    return;
  }
  if ('status' in answer) {
    const length = String(Buffer.byteLength(answer.body));
    response
      .writeHead(answer.status, { ...CORS, 'content-length': length, ...answer.headers })
      .end(answer.body);
    return;
  }
  const { code, msg, data } =
    'data' in answer ? { ...answer, code: 0, msg: 'success' } : { ...answer, data: null };
  const headers = { ...CORS, 'content-type': 'application/json', ...answer.headers };
  response.writeHead(200, headers).end(JSON.stringify({ trace_id: traceId(), code, msg, data }));
};

/** Starts a healthy server on a free port; tests script what shall go wrong. */
export const startPeer = async (): Promise<Peer> => {
  const scripts = new Map<string, (Answer | Handler)[]>();
  const requests: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://peer');
    const body = await bodyOf(incoming).catch(() => Buffer.alloc(0));
    const request: SeenRequest = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
      body,
      json: parsed(body),
    };
    if (request.method === 'OPTIONS') return response.writeHead(204, CORS).end();
    requests.push(request);
    sendAnswer(answerTo(request), response);
  });
  const answerTo = (request: SeenRequest): Answer => {
    const route = `${request.method} ${request.path}`;
    const script = scripts.get(route) ?? [];
    const next = script.length > 1 || typeof script[0] !== 'function' ? script.shift() : script[0];
    if (next !== undefined) return typeof next === 'function' ? next(request) : next;
    const isAllowed = PUBLIC.has(route) || (peer.token && request.headers.access_token === peer.token);
    if (!isAllowed) return { code: 10400, msg: 'AccessToken verification failed' };
    return routes[route]?.(request) ?? { status: 404, body: 'not found' };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const peer: Peer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    token: undefined,
    keys: { appId: 'app-1', secretKey: 'sehr-geheimes-wort' },
    script: (route, ...answers) => {
      scripts.set(route, answers);
    },
    seen: (route) => requests.filter(({ method, path }) => `${method} ${path}` === route),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const routes = healthy(peer);
  return peer;
};
