// Sends a server what clients should not send, and counts every answer that the contract does not know. Options:
// --requests N (20000), --media DIR (broken media to upload; default ../shared/media/hard when it is there, checked
// with the real engine), --seed N. Ends with 1 when anything but contract answers came.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readSettings, withApps } from '@chanjing-avatar/server';
import { startBenchServer } from './server/bench-server.js';
import { type Announced, announce, call, fileStatus, login, put, type Reply } from './server/call.js';
import { testVideo } from './server/test-video.js';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    media: { type: 'string', default: '../shared/media/hard' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
});

/** mulberry32: small, and the same on every machine. */
let state = Number(values.seed) >>> 0;
const random = (): number => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

const hasMedia = existsSync(values.media);
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-fuzz-'));
const flags = {
  'data-dir': dataDir,
  port: '0',
  'log-level': 'silent',
  'creates-per-minute': '100000',
  'file-calls-per-minute': '100000',
  'open-tasks-per-app': '50',
  'max-upload-bytes': '300000000',
  'max-video-seconds': '60',
};
const server = await startBenchServer({ ...flags, ...(hasMedia ? { engine: 'yes' } : {}) });
const { url } = server;
const token = await login(url, server.firstApp!);

// The other app, whose things must stay unseen.
const victimApp = await withApps(readSettings(flags, {}).settings, (apps) => apps.create('victim'));
const victim = await login(url, victimApp);
const SECRET_NAME = 'only-the-victim-knows-this-name';
const theirs = await announce(url, victim, `${SECRET_NAME}.mp4`);
await put(theirs, await testVideo());
const mine = await announce(url, token, 'mine.mp4');
await put(mine, await testVideo());
for (const [owner, file] of [
  [victim, theirs],
  [token, mine],
] as const) {
  while ((await fileStatus(url, owner, file.file_id)) === 0) await sleep(100);
}
const theirTask = await call<string>(url, victim, 'POST', '/open/v1/video_lip_sync/create', {
  video_file_id: theirs.file_id,
  tts_config: { text: 'hello', audio_man_id: 'C-f2429d07554749839849497589199916' },
});

const POSTS = [
  '/open/v1/access_token',
  '/open/v1/common/file_delete',
  '/open/v1/video_lip_sync/create',
  '/open/v1/video_lip_sync/list',
  '/open/v1/video_lip_sync/cancel',
  '/open/v1/video_lip_sync/delete',
  '/open/v1/create_audio_task',
  '/open/v1/audio_task_state',
];
const GETS = [
  '/open/v1/common/create_upload_url',
  '/open/v1/common/file_detail',
  '/open/v1/video_lip_sync/detail',
  '/open/v1/list_common_audio',
];
const FIELDS = [
  ...[
    'app_id',
    'secret_key',
    'service',
    'name',
    'id',
    'page',
    'page_size',
    'size',
    'task_id',
    'video_file_id',
  ],
  ...[
    'screen_width',
    'screen_height',
    'backway',
    'drive_mode',
    'callback',
    'model',
    'audio_type',
    'tts_config',
  ],
  ...['audio_file_id', 'volume', 'transcript', 'audio_man', 'speed', 'pitch', 'text', 'aigc_watermark'],
  ...['__proto__', 'constructor', 'toString', ''],
];
const TRICKS = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '../../etc/passwd',
    '..%2f..%2fx.mp4',
    'x.mp4/../../y',
    'C:\\x.mp4',
    '/dev/zero.mp4',
  ],
  ...[
    "' or '1'='1",
    '"; drop table task; --',
    '#{7*7}',
    '{{x}}',
    '<script>alert(1)</script>',
    '%s%n',
    '\u202etxt.mp4',
  ],
  ...['𠀀'.repeat(200), '\ud800', '😀'.repeat(50), 'é'.normalize('NFD'), '\uFEFFx', 'a\r\nSet-Cookie: x=1'],
  ...[
    'null',
    'undefined',
    'NaN',
    'true',
    '[object Object]',
    'x'.repeat(5000),
    '字'.repeat(4500),
    '1e999',
    '-0',
  ],
  ...['lip_sync_video', 'lip_sync_audio', '1.mp4', '1.wav', 'tts', 'audio', 'random', 'http://127.0.0.1:22/'],
  ...[
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'http://[::1]/',
    'gopher://x',
    'http://a:b@c/',
  ],
];
const NUMBERS = [
  ...[0, -1, 1, 0.5, 2, 1.1, 64, 100, 101, 1080, 4096, 4097, 2 ** 31, 2 ** 53, 1e300, -1e300, 5e-324],
];

const value = (depth = 0): unknown => {
  const pick = random();
  if (pick < 0.35) return oneOf(TRICKS);
  if (pick < 0.6) return oneOf(NUMBERS);
  if (pick < 0.7) return oneOf([true, false, null]);
  if (pick < 0.78) return oneOf([theirs.file_id, theirTask.data, mine.file_id]);
  if (depth > 2) return [];
  if (pick < 0.88) return Array.from({ length: Math.floor(random() * 4) }, () => value(depth + 1));
  return Object.fromEntries(
    Array.from({ length: Math.floor(random() * 5) }, () => [oneOf(FIELDS), value(depth + 1)]),
  );
};

/** A request that is right but for what chance breaks. */
const nearlyRight = (): Record<string, unknown> => {
  const request: Record<string, unknown> = {
    video_file_id: mine.file_id,
    audio_type: 'tts',
    tts_config: { text: 'hello', audio_man_id: 'C-f2429d07554749839849497589199916', speed: 1, pitch: 1 },
    page: 1,
    id: theirTask.data,
    service: 'lip_sync_video',
    name: '1.mp4',
  };
  for (let n = Math.floor(random() * 3); n >= 0; n -= 1) request[oneOf(FIELDS)] = value();
  return request;
};

const brokenJson = (): string => {
  const text = JSON.stringify(random() < 0.5 ? nearlyRight() : value());
  const at = Math.floor(random() * text.length);
  return oneOf([
    text.slice(0, at),
    `${text.slice(0, at)}\0${text.slice(at)}`,
    text + text,
    text.replace(/"/g, "'"),
    '['.repeat(1 + Math.floor(random() * 50_000)),
    `{"a":${'9'.repeat(2000)}}`,
    '{"__proto__":{"x":1},"page":1}',
    '\uFEFF{}',
  ]);
};

const CONTRACT_CODES = new Set([0, 400, 10400, 40000, 40001, 40002]);
const faults = new Map<string, number>();
const codes = new Map<number, number>();
let sent = 0;

const fault = (what: string): void => {
  faults.set(what, (faults.get(what) ?? 0) + 1);
  if ((faults.get(what) ?? 0) <= 3) process.stderr.write(`${what}\n`);
};

const judge = (what: string, status: number, text: string): void => {
  let reply: Reply<unknown>;
  try {
    reply = JSON.parse(text) as Reply<unknown>;
  } catch {
    fault(`${what}: HTTP ${status}, not an envelope: ${text.slice(0, 100)}`);
    return;
  }
  codes.set(reply.code, (codes.get(reply.code) ?? 0) + 1);
  if (status >= 500) fault(`${what}: HTTP ${status}`);
  if (!CONTRACT_CODES.has(reply.code)) fault(`${what}: code ${reply.code} ${reply.msg}`);
  if (!/^[0-9a-f]{32}$/.test(reply.trace_id)) fault(`${what}: trace_id ${reply.trace_id}`);
  if (text.includes(SECRET_NAME) || text.includes(victimApp.id)) fault(`${what}: shows the victim's data`);
  if (/postgres|pg-boss|node_modules|\/src\/|SQLSTATE| at .*\.js:/.test(reply.msg))
    fault(`${what}: shows insides: ${reply.msg}`);
};

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

const attacks: Record<string, () => Promise<void>> = {
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
    const task = { id: theirTask.data, task_id: theirTask.data };
    const file = {
      id: theirs.file_id,
      video_file_id: theirs.file_id,
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
      `/files/${'0'.repeat(32)}/uploads/${theirs.file_id}.mp4`,
      `/files/x/..%2f..%2fpostgres%2fpostgres.log`,
      `/upload/${theirs.file_id}?expires=99999999999&signature=${'0'.repeat(64)}`,
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

/** Many connections that send a byte now and then; they must not keep others waiting. */
const slowClients = async (): Promise<void> => {
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

/** Uploads broken media; each must end ready or refused with a reason. */
const brokenMedia = async (): Promise<void> => {
  for (const name of (await readdir(values.media)).sort()) {
    const extension = path.extname(name).slice(1);
    const bytes = await readFile(path.join(values.media, name)).catch(() => undefined);
    if (!bytes) continue;
    const known = /^(mp4|mov|webm|mp3|m4a|wav)$/.test(extension);
    const file: Announced = await announce(url, token, known ? name : `${name}.mp4`);
    const answer = await put(file, bytes);
    if (answer.status !== 200) {
      fault(`${name}: upload answered ${answer.status}`);
      continue;
    }
    const begin = Date.now();
    let detail: { status: number; msg: string };
    do {
      await sleep(200);
      const reply = await call<typeof detail>(url, token, 'GET', '/open/v1/common/file_detail', {
        id: file.file_id,
      });
      detail = reply.data;
    } while (detail.status === 0 && Date.now() - begin < 180_000);
    console.log(
      `${name.padEnd(40)} ${detail.status} ${((Date.now() - begin) / 1000).toFixed(1)} s  ${detail.msg.slice(0, 110)}`,
    );
    if (detail.status !== 2 && detail.status !== 98) fault(`${name}: status ${detail.status}`);
    if (detail.status === 98 && detail.msg.length < 10) fault(`${name}: refused without a reason`);
  }
};

await server.vitals();
const before = (await server.vitals()).rss;
const names = Object.keys(attacks);
const wanted = Number(values.requests);
const attacker = async (): Promise<void> => {
  while (sent < wanted && server.alive) {
    sent += 1;
    const name =
      random() < 0.01 ? 'oversized bodies' : oneOf(names.filter((kind) => kind !== 'oversized bodies'));
    try {
      await attacks[name]!();
    } catch (error) {
      fault(`${name}: ${(error as Error).cause ?? error}`);
    }
  }
};
await Promise.all(Array.from({ length: 16 }, attacker));
await slowClients();
if (hasMedia) await brokenMedia();

if (!server.alive) fault('the server died');
const theirDetail = await call<{ name: string; status: number }>(
  url,
  victim,
  'GET',
  '/open/v1/common/file_detail',
  { id: theirs.file_id },
);
if (theirDetail.data?.status !== 2) fault("the victim's file was harmed");
const own = await call(url, token, 'POST', '/open/v1/video_lip_sync/list');
if (own.code !== 0) fault('an honest call fails afterwards');
const after = (await server.vitals()).rss;
await server.stop();
await rm(dataDir, { recursive: true, force: true });

console.log(
  `requests ${sent} (seed ${values.seed}), memory ${(before / 1e6).toFixed(0)} MB before, ${(after / 1e6).toFixed(0)} MB after`,
);
console.log(
  `codes    ${[...codes]
    .sort(([a], [b]) => a - b)
    .map(([code, count]) => `${code}: ${count}`)
    .join(', ')}`,
);
console.log(`faults   ${[...faults.values()].reduce((sum, count) => sum + count, 0)}`);
for (const [what, count] of faults) console.log(`${String(count).padStart(6)}  ${what}`);
process.exit(faults.size === 0 ? 0 : 1);
