// Kills parts of a server at random moments under uploads and creates, then counts what was lost. Options: --rounds N
// (default 40). Prints a table; ends with 1 when anything was lost, doubled or left behind.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  type BenchServer,
  filesBelow,
  jobProcesses,
  killAll,
  postgresProcesses,
  startBenchServer,
} from './server/bench-server.js';
import { announce, call, fileStatus, login, put, type Task } from './server/call.js';
import { testVideo } from './server/test-video.js';

const VICTIMS = ['server', 'postgres', 'renderer', 'ffmpeg', 'all'] as const;
type Victim = (typeof VICTIMS)[number];

type Accepted = {
  /** File id to sha256 and where to read it. */
  readonly files: Map<string, { hash: string; url: string }>;
  /** Idempotency key to task; its id is undefined while the answer is not known. */
  readonly tasks: Map<string, Wish>;
};

type Wish = { id?: string; video: string; text: string; unwanted?: 'cancel' | 'delete' };

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '40' } } });
const rounds = Number(values.rounds);

const dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-torture-'));
const movie = await testVideo();
const flags = {
  'data-dir': dataDir,
  port: '0',
  'log-level': 'silent',
  'creates-per-minute': '100000',
  'speech-creates-per-minute': '100000',
  'file-calls-per-minute': '100000',
  'open-tasks-per-app': '100000',
  'callback-allow': '127.0.0.0/8',
  renders: '2',
};

const delivered = new Map<string, Set<string>>();
const receiver = http.createServer((request, reply) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const { id } = (JSON.parse(body) as { data: Task }).data;
    const ids = delivered.get(id) ?? new Set();
    delivered.set(id, ids.add(String(request.headers['webhook-id'])));
    reply.writeHead(204).end();
  });
});
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
const callback = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Distinct bytes that are still a playable mp4: a free-space box of noise at the end. */
const newMovie = (): Buffer => {
  const noise = randomBytes(200_000 + Math.floor(Math.random() * 800_000));
  const box = Buffer.alloc(8);
  box.writeUInt32BE(noise.length + 8, 0);
  box.write('free', 4, 'latin1');
  return Buffer.concat([movie, box, noise]);
};

const upload = async (url: string, token: string, accepted: Accepted): Promise<string | undefined> => {
  const file = await announce(url, token, 'torture.mp4');
  const bytes = newMovie();
  const answer = await put(file, bytes);
  if (answer.status !== 200) return undefined;
  accepted.files.set(file.file_id, { hash: hashOf(bytes), url: new URL(file.full_path).pathname });
  return file.file_id;
};

const create = async (url: string, token: string, accepted: Accepted, key: string): Promise<void> => {
  const wish = accepted.tasks.get(key)!;
  const reply = await call<string>(
    url,
    token,
    'POST',
    '/open/v1/video_lip_sync/create',
    {
      video_file_id: wish.video,
      screen_width: 320,
      screen_height: 240,
      callback,
      tts_config: { text: wish.text, audio_man_id: 'en-1' },
    },
    { 'idempotency-key': key },
  );
  if (reply.code === 0) wish.id = reply.data;
};

/** Changes the mind about one of the newest tasks, which may wait, run, or be over. */
const regret = async (url: string, token: string, accepted: Accepted): Promise<void> => {
  const newest = [...accepted.tasks.values()].slice(-4);
  const wish = newest[Math.floor(Math.random() * newest.length)];
  if (!wish?.id || wish.unwanted) return;
  wish.unwanted = Math.random() < 0.5 ? 'cancel' : 'delete';
  await call(url, token, 'POST', `/open/v1/video_lip_sync/${wish.unwanted}`, { id: wish.id });
};

const TEXTS = ['hello', 'hello again', 'slow', 'crash', 'refuse'];

/** Uploads and creates until told to stop; failures are what the test is about, so they are not counted. */
const client = async (url: string, token: string, accepted: Accepted, on: () => boolean): Promise<void> => {
  let last = [...accepted.files.keys()].at(-1);
  while (on()) {
    try {
      if (!last || Math.random() < 0.15) last = (await upload(url, token, accepted)) ?? last;
      const unknown = [...accepted.tasks].find(([, wish]) => wish.id === undefined);
      const key = unknown?.[0] ?? randomUUID();
      const known = [...accepted.files.keys()];
      const video = known[Math.floor(Math.random() * known.length)];
      if (unknown) await create(url, token, accepted, key);
      else if (video && (await fileStatus(url, token, video)) === 2) {
        const text = TEXTS[Math.floor(Math.random() ** 3 * TEXTS.length)]!;
        accepted.tasks.set(key, { video, text });
        await create(url, token, accepted, key);
      }
      if (Math.random() < 0.1) await regret(url, token, accepted);
    } catch {
      await sleep(30);
    }
    await sleep(100 + Math.random() * 200);
  }
};

/** Waits a little for a process of this kind to kill. */
const killJob = async (names: RegExp): Promise<number> => {
  for (let look = 0; look < 100; look += 1) {
    const found = jobProcesses(dataDir).filter(({ name }) => names.test(name));
    if (found.length > 0) {
      killAll(found.map(({ pid }) => pid));
      return found.length;
    }
    await sleep(20);
  }
  return 0;
};

/** Kills; false when there was nothing of this kind to kill. */
const strike = async (victim: Victim, server: BenchServer): Promise<boolean> => {
  if (victim === 'renderer') return (await killJob(/^(node|setpriv)$/)) > 0;
  if (victim === 'ffmpeg') return (await killJob(/^ffmpeg$/)) > 0;
  if (victim === 'postgres') killAll(postgresProcesses(dataDir));
  else {
    server.kill();
    if (victim === 'all') {
      killAll([...postgresProcesses(dataDir), ...jobProcesses(dataDir).map(({ pid }) => pid)]);
    }
  }
  return true;
};

const table: Record<Victim, number> = { server: 0, postgres: 0, renderer: 0, ffmpeg: 0, all: 0 };
const accepted: Accepted = { files: new Map(), tasks: new Map() };
let server = await startBenchServer(flags);
const app = server.firstApp!;
let token = await login(server.url, app);
const starts: number[] = [];
let mayBeDead = false;
let deaths = 0;

for (let round = 0; round < rounds; round += 1) {
  if (!server.alive) {
    if (!mayBeDead) deaths += 1;
    const begin = Date.now();
    server = await startBenchServer(flags);
    starts.push(Date.now() - begin);
    token = await login(server.url, app).catch(() => token);
  }
  let on = true;
  const clients = Array.from({ length: 3 }, () => client(server.url, token, accepted, () => on));
  await sleep(300 + Math.random() * 2000);
  const victim = VICTIMS[round % VICTIMS.length]!;
  if (await strike(victim, server)) table[victim] += 1;
  mayBeDead = victim === 'server' || victim === 'all';
  // What the server is left with after a part of it died must also survive its own death at times.
  if (victim !== 'server' && victim !== 'all') await sleep(700);
  on = false;
  await Promise.all(clients);
  process.stderr.write(
    `round ${round + 1} ${victim}: ${accepted.files.size} files, ${accepted.tasks.size} tasks\n`,
  );
}

if (!server.alive) server = await startBenchServer(flags);
token = await login(server.url, app);
for (const [key, wish] of accepted.tasks) {
  if (wish.id === undefined) await create(server.url, token, accepted, key);
}

// A delete may or may not have happened before the kill; what counts is that nothing is left of it.
const unwanted = [...accepted.tasks].filter(([, wish]) => wish.unwanted === 'delete');
let undeleted = 0;
for (const [key, { id }] of unwanted) {
  await call(server.url, token, 'POST', '/open/v1/video_lip_sync/delete', { id });
  const { code } = await call(server.url, token, 'GET', '/open/v1/video_lip_sync/detail', { id });
  if (code !== 40000) undeleted += 1;
  accepted.tasks.delete(key);
}

const ids = new Set([...accepted.tasks.values()].map((wish) => wish.id));
const detail = async (id: string): Promise<Task | undefined> =>
  (await call<Task>(server.url, token, 'GET', '/open/v1/video_lip_sync/detail', { id })).data ?? undefined;

const drainBegin = Date.now();
const result = { missing: 0, open: 0, succeeded: 0, failed: 0, unreadable: 0, wrongFailure: 0 };
for (const { id, text, unwanted: cancelled } of accepted.tasks.values()) {
  let task = await detail(id!);
  while (task && task.status < 20 && Date.now() - drainBegin < 600_000) {
    await sleep(300);
    task = await detail(id!);
  }
  if (!task) result.missing += 1;
  else if (task.status < 20) result.open += 1;
  else if (task.status === 30) {
    result.failed += 1;
    if (text !== 'crash' && text !== 'refuse' && !cancelled) result.wrongFailure += 1;
  } else {
    result.succeeded += 1;
    const video = await fetch(task.video_url);
    if (video.status !== 200 || (await video.arrayBuffer()).byteLength < 1000) result.unreadable += 1;
  }
}
const drainSeconds = (Date.now() - drainBegin) / 1000;

let filesLost = 0;
let filesNotReady = 0;
for (const [id, { hash, url }] of accepted.files) {
  const answer = await fetch(server.url + url);
  if (answer.status !== 200 || hashOf(new Uint8Array(await answer.arrayBuffer())) !== hash) filesLost += 1;
  let status = await fileStatus(server.url, token, id);
  while (status === 0 && Date.now() - drainBegin < 600_000) {
    await sleep(200);
    status = await fileStatus(server.url, token, id);
  }
  if (status !== 2) filesNotReady += 1;
}

const { data: list } = await call<{ page_info: { total_count: number } }>(
  server.url,
  token,
  'POST',
  '/open/v1/video_lip_sync/list',
);
await sleep(12_000);
const videos = filesBelow(dataDir, 'objects/lip-sync').filter((file) => file.endsWith('.mp4'));
const twice = videos.length - new Set(videos.map((file) => path.basename(file))).size;
const callbacks = {
  missing: [...ids].filter((id) => !delivered.has(id!)).length,
  doubled: [...delivered.values()].filter((messages) => messages.size > 1).length,
};
const leftAlive = { parts: filesBelow(dataDir, 'incoming').length + filesBelow(dataDir, 'work').length };
await server.stop();
const leftDead = { processes: jobProcesses(dataDir).length + postgresProcesses(dataDir).length };
receiver.close();

const faults = {
  'servers that died of another death': deaths,
  'accepted files lost or changed': filesLost,
  'accepted files never ready': filesNotReady,
  'accepted tasks missing': result.missing,
  'tasks that never ended': result.open,
  'deleted tasks still there': undeleted,
  'tasks failed without cause': result.wrongFailure,
  'results that cannot be read': result.unreadable,
  'results published twice': twice,
  'results of no task': videos.length - twice - result.succeeded,
  'tasks made twice': list.page_info.total_count - ids.size,
  'callbacks missing': callbacks.missing,
  'tasks with two callbacks': callbacks.doubled,
  'part files left': leftAlive.parts,
  'processes left': leftDead.processes,
};
console.log(
  `rounds of kill -9    ${rounds} (${VICTIMS.map((victim) => `${victim} ${table[victim]}`).join(', ')})`,
);
console.log(
  `accepted             ${accepted.files.size} files, ${ids.size} tasks, and ${unwanted.length} that were deleted again`,
);
console.log(
  `ended                ${result.succeeded} succeeded, ${result.failed} failed (of which on purpose ${result.failed - result.wrongFailure})`,
);
starts.sort((a, b) => a - b);
console.log(
  `starts after a kill  ${starts.length}, median ${starts[starts.length >> 1] ?? 0} ms, longest ${starts.at(-1) ?? 0} ms; drained in ${drainSeconds.toFixed(0)} s`,
);
for (const [what, count] of Object.entries(faults)) console.log(`${String(count).padStart(6)}  ${what}`);
await rm(dataDir, { recursive: true, force: true });
process.exit(Object.values(faults).every((count) => count === 0) ? 0 : 1);
