import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Peer } from '@chanjing-avatar/test-peer';
import { startPeer, VIDEO } from '@chanjing-avatar/test-peer';
import { openPage } from '@chanjing-avatar/test-peer/chromium';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Packs the SDK and uses it as strangers do, in a project of their own.

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const LARGEST_BUNDLE = 12 * 1024;

const run = promisify(execFile);
const resolvePackage = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

const TSC = join(resolvePackage('typescript'), 'bin/tsc');

let directory: string;
let tarball: string;
/** The strangers' project. */
let project: string;
let peer: Peer;

const write = async (name: string, content: string): Promise<void> => {
  await mkdir(dirname(join(project, name)), { recursive: true });
  await writeFile(join(project, name), content);
};

/** What a program prints; fails with its standard error. */
const node = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, args, { cwd: project })).stdout.trim();

/** Packs a copy, because packing changes the declarations that other tests and packages use meanwhile. */
const pack = async (): Promise<string> => {
  const copy = join(directory, 'packages/client');
  for (const name of ['package.json', 'README.md', 'dist', 'scripts'])
    await cp(join(PACKAGE, name), join(copy, name), { recursive: true });
  await symlink(join(PACKAGE, '../protocol'), join(directory, 'packages/protocol'));
  await run('npm', ['run', 'prepack'], { cwd: copy });
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], { cwd: copy });
  return join(directory, (await readdir(directory)).find((name) => name.endsWith('.tgz'))!);
};

beforeAll(async () => {
  peer = await startPeer();
  directory = await mkdtemp(join(tmpdir(), 'packed-'));
  project = join(directory, 'project');
  tarball = await pack();
  await write('package.json', '{ "name": "consumer", "private": true, "type": "module" }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project });
});

afterAll(async () => {
  await peer.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the packed SDK', () => {
  it('installs nothing but itself', async () => {
    const installed = await readdir(join(project, 'node_modules'));
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['@chanjing-avatar']);
    expect(await readdir(join(project, 'node_modules/@chanjing-avatar'))).toEqual(['client']);
  });

  it('passes publint', async () => {
    const pkgDir = join(project, 'node_modules/@chanjing-avatar/client');
    const { messages } = await publint({ pkgDir, pack: false, strict: true });
    const manifest = JSON.parse(await readFile(join(pkgDir, 'package.json'), 'utf8'));
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  it.each([
    ['nodenext', 'esm.mts'],
    // Node 20.19 and newer load ES modules with require(), so there is no second build.
    ['nodenext', 'cjs.cts'],
    ['preserve', 'bundled.ts'],
  ])('has types of every entry for module %s in %s', async (module, file) => {
    await write(
      file,
      `import { createClient } from '@chanjing-avatar/client';
import { baseUrlOf } from '@chanjing-avatar/client/node';
export const url: string = baseUrlOf({});
// @ts-expect-error a number: what has no types would be anything
export const wrong: number = createClient({ accessToken: 'x' });
`,
    );
    const options = ['--module', module, '--target', 'es2022', '--strict', '--noEmit', '--types', ''];
    expect(await node(TSC, ...options, file)).toBe('');
  });

  it('has types that need no other package, and no types of Node', async () => {
    await write(
      'use.ts',
      `import { createClient, TASK_STATUS, type Task, webhooks } from '@chanjing-avatar/client';
const client = createClient({ accessToken: 'x' });
export const done = async (): Promise<boolean> => {
  for await (const task of client.lipSync.list()) if (task.status === TASK_STATUS.success) return true;
  const { task } = await client.lipSync.run({ video: new Blob([]), tts_config: { text: 'a', audio_man_id: 'b' } });
  const typed: Task = task;
  // @ts-expect-error a task has no such status
  if (typed.status === 21) return false;
  // @ts-expect-error the video is required
  await client.lipSync.create({});
  return (await webhooks.verify('', {}, '')).data.status === 20;
};
`,
    );
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    };
    await write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    expect(await node(TSC, '-p', '.')).toBe('');
  });

  it.each([
    ['esm.mjs', `import { createClient } from '@chanjing-avatar/client';`],
    ['cjs.cjs', `const { createClient } = require('@chanjing-avatar/client');`],
  ])('makes a video from %s', async (file, load) => {
    const options = JSON.stringify({ baseUrl: peer.url, credentials: peer.keys });
    await write(
      file,
      `${load}
createClient(${options}).lipSync
  .run({ video: new File(['x'], 'a.mp4'), tts_config: { text: 'hi', audio_man_id: 'C-1' } })
  .then(({ video }) => video.text())
  .then(console.log);`,
    );
    expect(await node(file)).toBe(VIDEO.toString());
  });

  it.each([
    ['node.mjs', `import { baseUrlOf } from '@chanjing-avatar/client/node';`],
    ['node.cjs', `const { baseUrlOf } = require('@chanjing-avatar/client/node');`],
  ])('has its Node entry in %s', async (file, load) => {
    await write(file, `${load}\nconsole.log(baseUrlOf({}));`);
    expect(await node(file)).toBe('https://open-api.chanjing.cc');
  });
});

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves a directory. */
const serveSite = async (site: string): Promise<Server> => {
  const server = createServer(async (request, response) => {
    const name = request.url === '/' ? '/index.html' : request.url!;
    const content = await readFile(join(site, name)).catch(() => undefined);
    response.writeHead(content ? 200 : 404, { 'content-type': TYPES[extname(name)] ?? 'text/plain' });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

describe('the SDK bundled with Vite', () => {
  let site: string;

  beforeAll(async () => {
    site = join(project, 'site');
    await write(
      'web/main.js',
      `import { createClient } from '@chanjing-avatar/client';
window.makeVideo = async (baseUrl, accessToken) => {
  const client = createClient({ baseUrl, accessToken });
  const stages = new Set();
  const video = new File(['x'.repeat(100_000)], 'a.mp4');
  const result = await client.lipSync.run(
    { video, tts_config: { text: 'hi', audio_man_id: 'C-1' } },
    { onProgress: (stage, fraction) => fraction === 1 && stages.add(stage) },
  );
  return { text: await result.video.text(), stages: [...stages] };
};`,
    );
    await write('web/index.html', '<!doctype html><script type="module" src="./main.js"></script>');
    const options = { outDir: site, emptyOutDir: true, target: 'es2022' };
    await build({ root: join(project, 'web'), logLevel: 'error', build: options });
  });

  it('takes less than 12 kB gzipped', async () => {
    const scripts = (await readdir(join(site, 'assets'))).filter((name) => name.endsWith('.js'));
    expect(scripts).toHaveLength(1);
    const { length } = gzipSync(await readFile(join(site, 'assets', scripts[0]!)));
    console.log(`bundle for run: ${length} bytes gzipped`);
    expect(length).toBeLessThan(LARGEST_BUNDLE);
  });

  it('makes a video in Chromium, with the progress of each stage', async () => {
    const server = await serveSite(site);
    const page = await openPage(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    try {
      const token = 'token-of-the-page';
      peer.token = token;
      const call = `makeVideo(${JSON.stringify(peer.url)}, ${JSON.stringify(token)})`;
      expect(await page.evaluate(call)).toEqual({
        text: VIDEO.toString(),
        stages: ['upload', 'generate', 'download'],
      });
      const { body, headers } = peer.seen('PUT /upload').at(-1)!;
      expect([body.length, headers['user-agent']]).toEqual([100_000, expect.stringContaining('Chrome')]);
    } finally {
      await page.close();
      server.close();
    }
  });
});
