import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBenchServer } from '../server/bench-server.js';
import { type Announced, announce, call, login, put } from '../server/call.js';
import type { Judge } from './judge.js';

const FLAGS = {
  port: '0',
  'log-level': 'silent',
  'file-calls-per-minute': '100000',
  'max-video-seconds': '60',
};

/** Uploads broken media; each must end ready or refused with a reason. */
export const brokenMedia = async (directory: string, { fault }: Judge): Promise<void> => {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-media-'));
  const server = await startBenchServer({ ...FLAGS, 'data-dir': dataDir, engine: 'yes' });
  const { url } = server;
  const token = await login(url, server.firstApp!);
  for (const name of (await readdir(directory)).sort()) {
    const extension = path.extname(name).slice(1);
    const bytes = await readFile(path.join(directory, name)).catch(() => undefined);
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
  if (!server.alive) fault('the server died of broken media');
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
};
