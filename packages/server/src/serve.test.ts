import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import type { AppSecrets } from './apps/apps.js';
import { startEmbeddedPostgres } from './database/embedded-postgres.js';
import { DataDirectoryInUseError } from './errors/data-directory-in-use-error.js';
import { withApps } from './manage-apps.js';
import { readSettings } from './read-settings.js';
import { serve } from './serve.js';
import { exampleRequest, makeMedia, STAND_IN_PROGRAM, testApp, until } from './testing/test-server.js';

const directories: string[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  // The database of a server that was killed is still about to end.
  for (const directory of directories.splice(0))
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
});

const newDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-serve-'));
  directories.push(directory);
  return directory;
};

type Spawned = { child: ChildProcess; url: string; firstApp: AppSecrets | undefined; log(): string };

/** A server in a process of its own, so that it can be killed and its log read. */
const spawnServer = async (dataDir: string, logLevel: string): Promise<Spawned> => {
  const script = `
    import { serve } from ${JSON.stringify(new URL('serve.js', import.meta.url).href)};
    import { readSettings } from ${JSON.stringify(new URL('read-settings.js', import.meta.url).href)};
    const flags = { 'data-dir': ${JSON.stringify(dataDir)}, port: '0', 'log-level': ${JSON.stringify(logLevel)}, 'file-calls-per-minute': '1000' };
    const { settings } = readSettings(flags, {});
    const server = await serve({ settings, program: ${JSON.stringify(STAND_IN_PROGRAM)} });
    process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
    console.log(JSON.stringify(server));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  children.push(child);
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    child,
    ...(JSON.parse(line) as { url: string; firstApp?: AppSecrets }),
    firstApp: JSON.parse(line).firstApp,
    log: () => log,
  };
};

it('does the work of a server that was killed, and leaves the next one alone in its directory', async () => {
  const dataDir = await newDirectory();
  const first = await spawnServer(dataDir, 'trace');
  const { id, secretKey } = first.firstApp!;
  const { data } = await testApp(() => first.url, '').call('createToken', {
    app_id: id,
    secret_key: secretKey,
  });
  const app = testApp(() => first.url, data.access_token);
  const video = await app.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
  const request = { ...exampleRequest(video), tts_config: { text: 'slow', audio_man_id: 'en-1' } };
  const task = (await app.call('createTask', request)).data;
  await until(async () => (await app.call('taskDetail', { id: task })).data.status === 10);

  const { settings } = readSettings({ 'data-dir': dataDir, port: '0', 'log-level': 'silent' }, {});
  await expect(serve({ settings })).rejects.toBeInstanceOf(DataDirectoryInUseError);
  expect(await withApps(settings, (apps) => apps.list())).toMatchObject([{ id, name: 'default' }]);

  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = await spawnServer(dataDir, 'info');
  expect(second.firstApp).toBeUndefined();
  const again = testApp(() => second.url, data.access_token);
  expect((await again.ended(task)).status).toBe(20);

  const refused = [
    await again.call('taskDetail', { id: secretKey }),
    await again.call('createToken', { app_id: id, secret_key: [secretKey] }),
    await again.call('listTasks', {}, { access_token: `${data.access_token}x` }),
  ];
  for (const { trace_id } of refused) {
    await until(async () => second.log().includes(`"trace_id":"${trace_id}"`));
  }

  for (const { log } of [first, second]) {
    const text = log();
    expect(text).toContain('"trace_id"');
    for (const secret of [secretKey, data.access_token, first.firstApp!.callbackSecret, 'signature=']) {
      expect(text).not.toContain(secret);
    }
  }
  second.child.kill('SIGTERM');
  const [code] = await once(second.child, 'exit');
  expect(code).toBe(0);
  expect(await withApps(settings, (apps) => apps.list())).toHaveLength(1);
}, 180_000);

it('works on a database of its operator, alone', async () => {
  const database = await startEmbeddedPostgres(await newDirectory());
  const { host, user, password } = database.connection as Record<string, string>;
  const flags = {
    'database-url': `postgresql://${user}:${password}@localhost/postgres?host=${encodeURIComponent(host!)}`,
    'data-dir': await newDirectory(),
    port: '0',
    'log-level': 'silent',
    'stop-seconds': '0',
  };
  const options = { settings: readSettings(flags, {}).settings, program: STAND_IN_PROGRAM };
  const first = await serve(options);
  const { id, secretKey } = first.firstApp!;
  const pair = { app_id: id, secret_key: secretKey };
  const { data } = await testApp(() => first.url, '').call('createToken', pair);
  const app = testApp(() => first.url, data.access_token);
  const video = await app.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
  const elsewhere = { ...options.settings, dataDir: await newDirectory() };
  await expect(serve({ ...options, settings: elsewhere })).rejects.toThrow(
    'Another chanjing-avatar server uses this database.',
  );

  const request = { ...exampleRequest(video), tts_config: { text: 'slow', audio_man_id: 'en-1' } };
  const task = (await app.call('createTask', request)).data;
  await until(async () => (await app.call('taskDetail', { id: task })).data.status === 10);
  await first.stop();
  const second = await serve(options);
  expect((await testApp(() => second.url, data.access_token).ended(task)).status).toBe(20);
  await second.stop();
  await database.stop();
}, 180_000);

it('leaves nothing running when it fails in the middle of its start', async () => {
  const dataDir = await newDirectory();
  await writeFile(path.join(dataDir, 'objects'), 'not a directory');
  const script = `
    import { serve } from ${JSON.stringify(new URL('serve.js', import.meta.url).href)};
    import { readSettings } from ${JSON.stringify(new URL('read-settings.js', import.meta.url).href)};
    const flags = { 'data-dir': ${JSON.stringify(dataDir)}, port: '0' };
    await serve({ settings: readSettings(flags, {}).settings }).catch((error) => console.log(error.code));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  // It is not told to end: it does when nothing is left to do.
  const code = await until(async () => child.exitCode !== null && [child.exitCode], 60);
  expect([...code, output.trim()]).toEqual([0, 'unsafe-directory']);
});

it('says so when its port is in use, and leaves nothing running', async () => {
  const dataDir = await newDirectory();
  const other = net.createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as net.AddressInfo;
  const { settings } = readSettings({ 'data-dir': dataDir, port: String(port), 'log-level': 'silent' }, {});
  await expect(serve({ settings, program: STAND_IN_PROGRAM })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is in use.`,
  );
  other.close();
  const server = await serve({ settings: { ...settings, port: 0 }, program: STAND_IN_PROGRAM });
  await server.stop();
});

it('keeps its folders from other users, those too that were open before', async () => {
  const dataDir = await newDirectory();
  for (const folder of [dataDir, path.join(dataDir, 'objects')]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
  }
  const { child } = await spawnServer(dataDir, 'silent');
  const entries = await readdir(dataDir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(dataDir, name));
  expect(folders.length).toBeGreaterThan(3);
  for (const folder of [dataDir, ...folders]) expect((await stat(folder)).mode & 0o777, folder).toBe(0o700);
  child.kill('SIGTERM');
  await once(child, 'exit');
});
