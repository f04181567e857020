import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { jobProcesses, startBenchServer } from '../server/bench-server.js';
import { type Announced, announce, call, login, put } from '../server/call.js';
import type { Judge } from './judge.js';

const FLAGS = {
  port: '0',
  'log-level': 'silent',
  'file-calls-per-minute': '100000',
  'max-video-seconds': '60',
};

/** 1799 pictures in a fiftieth of a second, one after half a minute: 2.7 million, by the rate that the file claims. */
const claimsMillions = async (): Promise<Buffer> => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-claims-'));
  const file = path.join(directory, 'a.mp4');
  const times = 'settb=1/90000,setpts=if(lt(N\\,1799)\\,N\\,2700000)';
  const source = ['-f', 'lavfi', '-i', 'color=size=64x64:rate=90000', '-frames:v', '1800', '-vf', times];
  const options = ['-fps_mode', 'passthrough', '-video_track_timescale', '90000'];
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...source, ...options, file]);
  const bytes = await readFile(file);
  await rm(directory, { recursive: true });
  return bytes;
};

/** A check that takes long ends when its file is deleted. */
const deleteWhileChecked = async (
  { url, token, dataDir }: { url: string; token: string; dataDir: string },
  { fault }: Judge,
): Promise<void> => {
  // The process that lists the voices when a server starts is a job too.
  await call(url, token, 'GET', '/open/v1/list_common_audio');
  const file = await announce(url, token, 'deleted.mp4');
  await put(file, await claimsMillions());
  const begin = Date.now();
  while (jobProcesses(dataDir).length === 0 && Date.now() - begin < 20_000) await sleep(50);
  await call(url, token, 'POST', '/open/v1/common/file_delete', { id: file.file_id });
  const deleted = Date.now();
  // A busy machine takes its time to end a process; the check takes several times as long.
  while (jobProcesses(dataDir).length > 0 && Date.now() - deleted < 5000) await sleep(50);
  if (jobProcesses(dataDir).length > 0) fault('the check of a deleted file goes on');
};

const inputsOf = async (directory: string | undefined): Promise<[name: string, bytes: Buffer][]> => {
  const names = directory === undefined ? [] : (await readdir(directory)).sort();
  const inputs: [string, Buffer][] = [['claims_millions.mp4', await claimsMillions()]];
  for (const name of names) {
    const bytes = await readFile(path.join(directory!, name)).catch(() => undefined);
    if (bytes) inputs.push([name, bytes]);
  }
  return inputs;
};

/** Uploads broken media, of a directory too where it is there; each must end ready or refused with a reason. */
export const brokenMedia = async (directory: string | undefined, judge: Judge): Promise<void> => {
  const { fault } = judge;
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'chanjing-media-'));
  const server = await startBenchServer({ ...FLAGS, 'data-dir': dataDir, engine: 'yes' });
  const { url } = server;
  const token = await login(url, server.firstApp!);
  await deleteWhileChecked({ url, token, dataDir }, judge);
  for (const [name, bytes] of await inputsOf(directory)) {
    const extension = path.extname(name).slice(1);
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
    if (/\/objects\/|\/tmp\//.test(detail.msg)) fault(`${name}: shows where the server keeps files`);
    if (detail.status !== 2 && detail.status !== 98) fault(`${name}: status ${detail.status}`);
    if (detail.status === 98 && detail.msg.length < 10) fault(`${name}: refused without a reason`);
  }
  if (!server.alive) fault('the server died of broken media');
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
};
