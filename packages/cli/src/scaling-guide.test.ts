import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cutClip } from './testing/own-server.test.fixture.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const GUIDE = await readFile(join(ROOT, 'docs/scaling.md'), 'utf8');

/** Ports of the guide; others may be taken here. */
const PORTS = ['15432', '9000', '8080', '8081', '8082'];

let directory: string;
let replacements: [string, string][];
const running: ChildProcess[] = [];

const freePort = async (): Promise<string> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return String(port);
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scaling-'));
  // A small picture, because this machine may be slow.
  replacements = [
    ['/tmp/avatar', directory],
    ['-o talking.mp4', '--width 270 --height 480 -o talking.mp4'],
  ];
  for (const port of PORTS) replacements.push([port, await freePort()]);
  const npx = `#!/bin/sh\nshift\nexec ${process.execPath} ${MAIN} "$@"\n`;
  await writeFile(join(directory, 'npx'), npx, { mode: 0o755 });
  await symlink(join(ROOT, 'packages'), join(directory, 'packages'));
  cutClip(join(directory, 'me.mp4'));
});

afterAll(async () => {
  for (const { pid } of running.reverse()) {
    try {
      process.kill(-pid!, 'SIGTERM');
    } catch {
      // It has ended.
    }
  }
  await Promise.all(running.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'close')));
  await rm(directory, { recursive: true, force: true });
});

const portFor = (usual: string): string => replacements.find(([from]) => from === usual)![1];

/** Starts a snippet of the guide in a terminal of its own. */
const start = (tag: string): ChildProcess => {
  const [, code] = new RegExp(`^\`\`\`sh ${tag}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(GUIDE)!;
  const own = replacements.reduce((text, [from, to]) => text.replaceAll(from, to), code!);
  // The port that the guide leaves out is the usual one.
  const PORT = portFor('8080');
  const child = spawn('bash', ['-c', `set -eu\n${own}`], {
    cwd: directory,
    env: { PATH: `${directory}:${process.env.PATH}`, HOME: directory, PORT, LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  running.push(child);
  return child;
};

/** Waits until a program has said something so many times. */
const said = async ({ stdout }: ChildProcess, what: string, times: number): Promise<void> => {
  let told = '';
  for await (const chunk of stdout!.iterator({ destroyOnReturn: false })) {
    told += chunk;
    if (told.split(what).length > times) return;
  }
  throw new Error(`it ended and said only: ${told}`);
};

it('gets a video from one API process and two workers by following the guide', async () => {
  await said(start('servers'), 'ready', 2);
  await said(start('processes'), `http://127.0.0.1:${portFor('8080')}`, 1);
  const video = start('video');
  const [exit] = await once(video, 'close');
  expect(exit).toBe(0);
  expect((await stat(join(directory, 'talking.mp4'))).size).toBeGreaterThan(10_000);
});
