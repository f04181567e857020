import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../server/call.js';
import type { Chance } from './chance.js';
import { GETS, type HostileValues, POSTS, TRICKS } from './hostile-values.js';
import type { Judge } from './judge.js';

export type Target = {
  readonly url: string;
  readonly token: string;
  /** Of another app. */
  readonly foreign: { readonly file: string; readonly task: string };
};

/** One way each to send what should not be sent. */
export const attacksOn = (
  { url, token, foreign }: Target,
  { random, oneOf }: Chance,
  { value, nearlyRight, brokenJson }: HostileValues,
  { judge, fault }: Judge,
): Record<string, () => Promise<void>> => {
  const fetchText = async (target: string, init: RequestInit): Promise<[number, string]> => {
    const answer = await fetch(url + target, { ...init, signal: AbortSignal.timeout(20_000) });
    return [answer.status, await answer.text()];
  };

  const headersOf = (): Record<string, string> => ({
    access_token: random() < 0.9 ? token : oneOf(['x', 'x'.repeat(4000), "' or 1=1"]),
    'content-type': oneOf([
      'application/json',
      'text/plain',
      'application/octet-stream',
      'multipart/form-data',
    ]),
    ...(random() < 0.2 ? { 'idempotency-key': oneOf(['k', 'a b', 'x'.repeat(200), String(random())]) } : {}),
  });

  return {
    'broken JSON': async () => {
      const route = oneOf(POSTS);
      judge(route, ...(await fetchText(route, { method: 'POST', headers: headersOf(), body: brokenJson() })));
    },
    'wrong values': async () => {
      const route = oneOf(POSTS);
      const body = JSON.stringify(random() < 0.7 ? nearlyRight() : value());
      judge(route, ...(await fetchText(route, { method: 'POST', headers: headersOf(), body })));
    },
    'wrong queries': async () => {
      const route = oneOf(GETS);
      const query = new URLSearchParams();
      for (const [name, entry] of Object.entries(nearlyRight())) {
        if (random() < 0.7)
          query.append(name, typeof entry === 'object' ? JSON.stringify(entry) : String(entry));
      }
      const text = random() < 0.2 ? `${query}&id=a&id=b&page=%E0%A4%A&%00=1&name=%FF` : String(query);
      judge(route, ...(await fetchText(`${route}?${text}`, { headers: headersOf() })));
    },
    'foreign ids': async () => {
      const task = { id: foreign.task, task_id: foreign.task };
      const file = {
        id: foreign.file,
        video_file_id: foreign.file,
        tts_config: { text: 'a', audio_man_id: 'C-f2429d07554749839849497589199916' },
      };
      const [method, route, body] = oneOf([
        ['GET', '/open/v1/video_lip_sync/detail', task],
        ['POST', '/open/v1/video_lip_sync/cancel', task],
        ['POST', '/open/v1/video_lip_sync/delete', task],
        ['GET', '/open/v1/video_lip_sync/events', task],
        ['POST', '/open/v1/audio_task_state', task],
        ['GET', '/open/v1/common/file_detail', file],
        ['POST', '/open/v1/common/file_delete', file],
        ['POST', '/open/v1/video_lip_sync/create', file],
      ] as const);
      const reply = await call(url, token, method, route, method === 'GET' ? { id: body.id } : body);
      if (reply.code !== 40000 || reply.data !== null) fault(`${route}: let a foreign id through`);
    },
    'wrong addresses': async () => {
      const target = oneOf([
        `/files/${'0'.repeat(32)}/uploads/${foreign.file}.mp4`,
        `/files/x/..%2f..%2fpostgres%2fpostgres.log`,
        `/upload/${foreign.file}?expires=99999999999&signature=${'0'.repeat(64)}`,
        `/upload/..%2f..%2fx`,
        `/open/v1/${oneOf(TRICKS.filter((trick) => !/[\ud800-\udfff\0]/.test(trick))).slice(0, 300)}`,
        '/open/v1/video_lip_sync/create/../../../secret',
        '//etc/passwd',
      ]);
      const method = oneOf(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);
      const body = method === 'PUT' ? 'x' : null;
      judge(target, ...(await fetchText(target, { method, headers: headersOf(), body })));
    },
    'oversized bodies': async () => {
      const body = JSON.stringify({ name: 'x'.repeat(1_200_000) });
      try {
        const route = oneOf(POSTS);
        judge(route, ...(await fetchText(route, { method: 'POST', headers: headersOf(), body })));
      } catch {
        // Cut off while it sent: as good as an answer.
      }
    },
    'raw bytes': async () => {
      const target = new URL(url);
      const socket = net.connect(Number(target.port), target.hostname);
      socket.on('error', () => {});
      const line = oneOf([
        'GET / HTTP/9.9\r\n\r\n',
        'POST /open/v1/video_lip_sync/list HTTP/1.1\r\nhost: x\r\ncontent-length: 99999\r\n\r\n{',
        'POST /open/v1/video_lip_sync/list HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
        `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
        `GET /open/v1/list_common_audio HTTP/1.1\r\nhost: ${oneOf(TRICKS).slice(0, 50)}\r\naccess_token: ${token}\r\n\r\n`,
        String.fromCharCode(...Array.from({ length: 200 }, () => Math.floor(random() * 256))),
      ]);
      socket.write(line);
      await sleep(random() * 20);
      socket.destroy();
    },
  };
};

/** Many connections that send a byte now and then; they must not keep others waiting. */
export const slowClients = async ({ url, token }: Target, { fault }: Judge): Promise<void> => {
  const target = new URL(url);
  const sockets = Array.from({ length: 100 }, () => {
    const socket = net.connect(Number(target.port), target.hostname);
    socket.on('error', () => {});
    socket.write('POST /open/v1/video_lip_sync/list HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{');
    return socket;
  });
  for (let n = 0; n < 10; n += 1) {
    for (const socket of sockets) socket.write(' ');
    await sleep(100);
  }
  const begin = Date.now();
  await call(url, token, 'POST', '/open/v1/video_lip_sync/list');
  if (Date.now() - begin > 2000) fault('slow clients keep others waiting');
  for (const socket of sockets) socket.destroy();
};
