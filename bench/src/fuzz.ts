// Sends a server what clients should not send, and counts every answer that the contract does not know. Options:
// --requests N (20000), --media DIR (broken media that a server with the real engine must judge; default
// ../shared/media/hard when it is there), --seed N. Ends with 1 when anything but contract answers came.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readSettings, withApps } from '@chanjing-avatar/server';
import { attacksOn, slowClients } from './fuzz/attacks.js';
import { brokenMedia } from './fuzz/broken-media.js';
import { chanceOf } from './fuzz/chance.js';
import { hostileValues } from './fuzz/hostile-values.js';
import { judgeOf } from './fuzz/judge.js';
import { slowUploads } from './fuzz/slow-uploads.js';
import { startBenchServer, WITHOUT_CALL_LIMITS } from './server/bench-server.js';
import { announce, call, fileStatus, login, put } from './server/call.js';
import { testVideo } from './server/test-video.js';

const AT_ONCE = 16;
const SECRET_NAME = 'only-the-victim-knows-this-name';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    media: { type: 'string', default: '../shared/media/hard' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
});

const dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-fuzz-'));
const flags = {
  'data-dir': dataDir,
  port: '0',
  'log-level': 'silent',
  ...WITHOUT_CALL_LIMITS,
  'open-tasks-per-app': '50',
};
const server = await startBenchServer(flags);
const { url } = server;

const uploadReady = async (owner: string, name: string): Promise<string> => {
  const file = await announce(url, owner, name);
  await put(file, await testVideo());
  while ((await fileStatus(url, owner, file.file_id)) === 0) await sleep(100);
  return file.file_id;
};

// One app attacks; the other one's things must stay unseen and unharmed.
const token = await login(url, server.firstApp!);
const victimApp = await withApps(readSettings(flags, {}).settings, (apps) => apps.create('victim'));
const victim = await login(url, victimApp);
const own = await uploadReady(token, 'own.mp4');
const file = await uploadReady(victim, `${SECRET_NAME}.mp4`);
const { data: task } = await call<string>(url, victim, 'POST', '/open/v1/video_lip_sync/create', {
  video_file_id: file,
  tts_config: { text: 'hello', audio_man_id: 'en-1' },
});

const chance = chanceOf(Number(values.seed));
const judge = judgeOf([SECRET_NAME, victimApp.id]);
const target = { url, token, foreign: { file, task } };
const attacks = attacksOn(target, chance, hostileValues(chance, { own, foreign: [task, file] }), judge);
const { 'oversized bodies': oversized, ...usual } = attacks;

const before = (await server.vitals()).rss;
let sent = 0;
const attacker = async (): Promise<void> => {
  while (sent < Number(values.requests) && server.alive) {
    sent += 1;
    const [name, attack] =
      chance.random() < 0.01 ? ['oversized bodies', oversized!] : chance.oneOf(Object.entries(usual));
    try {
      await attack();
    } catch (error) {
      judge.fault(`${name}: ${(error as Error).cause ?? error}`);
    }
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, attacker));
await slowClients(target, judge);
if (server.alive) await slowUploads({ url, token, dataDir }, judge);

if (!server.alive) judge.fault('the server died');
if ((await fileStatus(url, victim, file)) !== 2) judge.fault("the victim's file was harmed");
const theirs = await call<{ id: string }>(url, victim, 'GET', '/open/v1/video_lip_sync/detail', { id: task });
if (theirs.data?.id !== task) judge.fault("the victim's task was harmed");
const honest = await call(url, token, 'POST', '/open/v1/video_lip_sync/list');
if (honest.code !== 0) judge.fault('an honest call fails afterwards');
const after = (await server.vitals()).rss;
await server.stop();
await rm(dataDir, { recursive: true, force: true });

await brokenMedia(existsSync(values.media) ? values.media : undefined, judge);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const codes = [...judge.codes].sort(([a], [b]) => a - b).map(([code, count]) => `${code}: ${count}`);
console.log(
  `requests ${sent} (seed ${values.seed}), memory ${megabytes(before)} before, ${megabytes(after)} after`,
);
console.log(`codes    ${codes.join(', ')}`);
console.log(`faults   ${[...judge.faults.values()].reduce((sum, count) => sum + count, 0)}`);
for (const [what, count] of judge.faults) console.log(`${String(count).padStart(6)}  ${what}`);
process.exit(judge.faults.size === 0 ? 0 : 1);
