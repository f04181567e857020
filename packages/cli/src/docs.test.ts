import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Peer } from '@chanjing-avatar/test-peer';
import { FILE_ID, startPeer, TASK_ID, taskOf, VIDEO } from '@chanjing-avatar/test-peer';
import { openPage } from '@chanjing-avatar/test-peer/chromium';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutClip, startOwnServer } from './testing/own-server.test.fixture.js';

// Runs every snippet of the guides: the shell's and the programs against a scripted server, the first guide's main steps
// against a real one.

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const PAGES = ['first-video', 'from-audio', 'browser-app', 'webhooks', 'from-python-sdk', 'agents'];
const SECRET = `whsec_${Buffer.from('the secret of the callbacks').toString('base64')}`;

type Snippet = { page: string; language: string; tag: string; code: string };

const snippetsOf = async (page: string): Promise<Snippet[]> => {
  const text = await readFile(join(ROOT, 'docs', `${page}.md`), 'utf8');
  const blocks = text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, language, tag = '', code]) => ({ page, language: language!, tag, code: code! }));
};

const snippets = (await Promise.all(PAGES.map(snippetsOf))).flat();
const snippet = (tag: string): Snippet => snippets.find((one) => one.tag === tag)!;

/** Snippets with a test of their own below; `install` changes the machine. */
const SPECIAL = [
  'install',
  'server',
  'skills',
  'mcp.json',
  'index.html',
  'page.js',
  'site.mjs',
  'express.mjs',
  'fastify.mjs',
  'hono.mjs',
  'test-receiver.mjs',
];
const isOrdinary = ({ language, tag }: Snippet): boolean =>
  !SPECIAL.includes(tag) && (language === 'js' || language === 'sh');

let peer: Peer;
let home: string;
let environment: Record<string, string>;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

beforeAll(async () => {
  peer = await startPeer();
  home = await mkdtemp(join(tmpdir(), 'docs-'));
  const npx = `#!/bin/sh\n[ "$1" = -y ] && shift\nshift\nexec ${process.execPath} ${MAIN} "$@"\n`;
  await writeFile(join(home, 'npx'), npx, { mode: 0o755 });
  // As `npm install --global` links it.
  await symlink(
    fileURLToPath(new URL('../bin/chanjing-avatar.js', import.meta.url)),
    join(home, 'chanjing-avatar'),
  );
  for (const name of ['node_modules', 'skills']) await symlink(join(ROOT, name), join(home, name));
  const keys = { app_id: peer.keys.appId, secret_key: peer.keys.secretKey };
  await writeFile(join(home, 'credentials.json'), JSON.stringify(keys));
  for (const name of ['me.mp4', 'speech.mp3', 'more-speech.mp3']) await writeFile(join(home, name), name);
  environment = {
    PATH: `${home}:${process.env.PATH}`,
    HOME: home,
    CHANJING_OPENAPI_BASE_URL: peer.url,
    CHANJING_OPENAPI_CREDENTIALS_DIR: home,
    CHANJING_AVATAR_CLI: MAIN,
    CALLBACK_SECRET: SECRET,
  };
});

afterAll(async () => {
  await peer.close();
  await rm(home, { recursive: true, force: true });
});

const execute = async (
  { language, code }: Pick<Snippet, 'language' | 'code'>,
  more: Record<string, string> = {},
): Promise<string> => {
  const env = { ...environment, ...more };
  if (language === 'sh') {
    const script = `set -eu\n${code.replaceAll('http://127.0.0.1:8080', env.CHANJING_OPENAPI_BASE_URL!)}`;
    return (await promisify(execFile)('bash', ['-c', script], { cwd: home, env })).stdout;
  }
  const file = join(home, `snippet-${Math.random().toString(36).slice(2)}.mjs`);
  await writeFile(file, code);
  return (await promisify(execFile)(process.execPath, [file], { cwd: home, env })).stdout;
};

describe('guides', () => {
  it('have only snippets that are run here', () => {
    const unknown = snippets.filter(
      ({ language, tag }) => !['js', 'sh'].includes(language) && !SPECIAL.includes(tag),
    );
    // The code that is moved away from.
    expect(unknown.map(({ language }) => language)).toEqual(['python']);
  });

  it.each(
    snippets
      .filter(isOrdinary)
      .map((one): [string, Snippet] => [`${one.page} ${one.tag || one.code.split('\n')[0]}`, one]),
  )('%s', async (_, one) => {
    await rm(join(home, 'talking.mp4'), { force: true });
    await execute(one);
    if (one.code.includes('talking.mp4')) expect(await readFile(join(home, 'talking.mp4'))).toEqual(VIDEO);
  });

  it('agents: the scripts', async () => {
    await rm(join(home, 'talking.mp4'), { force: true });
    await execute({
      language: 'sh',
      code: snippet('skills').code.replaceAll('python3 ', 'python3 -B '),
    });
    expect(await readFile(join(home, 'talking.mp4'))).toEqual(VIDEO);
  });

  it('agents: the MCP server, as an agent starts it', async () => {
    const { mcpServers } = JSON.parse(snippet('mcp.json').code);
    const { command, args, env } = mcpServers['chanjing-avatar'];
    const agent = new Client({ name: 'agent', version: '1' });
    await agent.connect(
      new StdioClientTransport({
        command,
        args: args.map((word: string) => (word === '/home/me/videos' ? home : word)),
        env: { ...environment, ...env, CHANJING_OPENAPI_BASE_URL: peer.url },
        stderr: 'ignore',
      }),
    );
    const { tools } = await agent.listTools();
    const page = await readFile(join(ROOT, 'docs/agents.md'), 'utf8');
    for (const { name } of tools) expect(page).toContain(`\`${name}\``);
    const { structuredContent } = await agent.callTool({
      name: 'create_lip_sync',
      arguments: { video: 'me.mp4', text: '你好', voice: 'C-1' },
    });
    expect(structuredContent).toMatchObject({ id: TASK_ID });
    await agent.close();
  });
});

/** Starts a program that listens on PORT, and gives it back when it does. */
const listening = async (code: string, port: number): Promise<ChildProcess> => {
  const file = join(home, `server-${port}.mjs`);
  await writeFile(file, code);
  const child = spawn(process.execPath, [file], {
    cwd: home,
    env: { ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for (let tries = 0; tries < 200; tries++) {
    const isUp = await fetch(`http://127.0.0.1:${port}/nothing`).then(
      () => true,
      () => false,
    );
    if (isUp) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill();
  throw new Error('the server of the guide does not listen');
};

describe('webhooks', () => {
  it.each(['express.mjs', 'fastify.mjs', 'hono.mjs'])(
    '%s takes what is signed and refuses the rest',
    async (tag) => {
      const port = await freePort();
      const server = await listening(snippet(tag).code, port);
      let told = '';
      server.stdout!.on('data', (chunk) => {
        told += chunk;
      });
      try {
        const send = (secret: string): Promise<string> =>
          execute(snippet('test-receiver.mjs'), { PORT: String(port), CALLBACK_SECRET: secret });
        expect(await send(SECRET)).toBe('204\n');
        expect(told).toBe(`${TASK_ID} 20 https://example.com/video.mp4\n`);
        expect(await send(`whsec_${Buffer.from('another').toString('base64')}`)).toBe('401\n');
      } finally {
        server.kill();
      }
    },
  );
});

describe('browser app', () => {
  it('gets upload URLs of its site from the server of the guide', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'browser-app-'));
    const { code } = snippets.find(({ page, tag }) => page === 'browser-app' && tag === 'server')!;
    const fresh = { PATH: environment.PATH!, HOME: directory };
    const server = await startOwnServer(code, { directory, environment: fresh });
    try {
      const ask = ['skill', 'get_upload_url', '--service', 'lip_sync_video', '--name', 'a.mp4'];
      const env = { ...fresh, CHANJING_OPENAPI_BASE_URL: server.url };
      const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...ask], { env });
      expect(JSON.parse(stdout).sign_url).toMatch(/^http:\/\/127\.0\.0\.1:3000\/upload\//);
    } finally {
      await server.stop();
      await rm(directory, { recursive: true });
    }
  });

  it('makes a video in a browser, through the site', async () => {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    // As a server does whose PUBLIC_URL is the site's.
    peer.script('GET /open/v1/common/create_upload_url', {
      data: { sign_url: `${origin}/upload/1?signature=x`, mime_type: 'video/mp4', file_id: FILE_ID },
    });
    peer.script('PUT /upload/1', { status: 200, body: '' });
    const done = { ...taskOf(peer.url, 20, 100), video_url: `${origin}/files/1.mp4` };
    peer.script('GET /open/v1/video_lip_sync/detail', { data: taskOf(peer.url, 10, 50) }, { data: done });
    peer.script('GET /files/1.mp4', { status: 200, body: VIDEO });
    await build({ root: await pageSource(), logLevel: 'error', build: { outDir: join(home, 'dist') } });
    const server = await listening(snippet('site.mjs').code, port);
    const page = await openPage(`${origin}/`);
    try {
      await page.chooseFile('#file', join(home, 'me.mp4'));
      const stage = "document.querySelector('#stage').textContent";
      const make = async (): Promise<string> => {
        await page.evaluate("document.querySelector('#make').click()");
        for (;;) {
          const text = await page.evaluate<string>(stage);
          if (text && !['upload', 'generate', 'download'].includes(text)) return text;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      expect(await make()).toBe('Sign in first.');
      await page.evaluate(`fetch('/sign-in')`);
      await page.evaluate(`${stage} = ''`);
      expect(await make()).toBe('done');
      const result = "fetch(document.querySelector('#result').src).then((reply) => reply.text())";
      expect(await page.evaluate(result)).toBe(VIDEO.toString());
      expect(peer.seen('PUT /upload/1')[0]!.body.toString()).toBe('me.mp4');
      const { secretKey } = peer.keys;
      const texts = await page.evaluate<string>('document.documentElement.outerHTML');
      expect(texts).not.toContain(secretKey);
    } finally {
      await page.close();
      server.kill();
    }
  });
});

/** The page and its script in a directory of their own, as the guide has them. */
const pageSource = async (): Promise<string> => {
  const directory = join(home, 'page');
  await mkdir(directory);
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  for (const tag of ['index.html', 'page.js']) await writeFile(join(directory, tag), snippet(tag).code);
  return directory;
};

describe('a fresh machine', () => {
  it('gets its first video by following the guide', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'first-video-'));
    const PATH = environment.PATH!;
    cutClip(join(directory, 'me.mp4'));
    const server = await startOwnServer(snippet('server').code, { directory, environment: { PATH } });
    const { url } = server;
    const bash = (code: string) =>
      spawn('bash', ['-c', `set -eu\n${code}`], {
        cwd: directory,
        env: { PATH, HOME: directory, CHANJING_AVATAR_CLI: MAIN },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    try {
      const [where, make] = snippets.filter(
        ({ page, language, tag }) => page === 'first-video' && language === 'sh' && !tag,
      );
      // A shorter text and a smaller picture, because this machine may be slow.
      const code = (where!.code + make!.code)
        .replaceAll('http://127.0.0.1:8080', url)
        .replace('君不见黄河之水天上来，奔流到海不复回。', '你好。')
        .replace('-o talking.mp4', '--width 270 --height 480 -o talking.mp4');
      const steps = bash(code);
      let told = '';
      steps.stdout.on('data', (chunk) => {
        told += chunk;
      });
      const exit = await new Promise((resolve) => steps.once('close', resolve));
      expect([exit, told.trim().split('\n').at(-1)]).toEqual([0, 'talking.mp4']);
      expect((await stat(join(directory, 'talking.mp4'))).size).toBeGreaterThan(10_000);
      // The vendor's script names against a real server, with the credentials that the guide left.
      const launcher = snippet('skills').code.replace('--text', '--width 270 --height 480 --text');
      await symlink(join(ROOT, 'skills'), join(directory, 'skills'));
      await rm(join(directory, 'talking.mp4'));
      const scripts = bash(
        `export CHANJING_OPENAPI_BASE_URL=${url}\n${launcher.replaceAll('python3 ', 'python3 -B ')}`,
      );
      expect(await new Promise((resolve) => scripts.once('close', resolve))).toBe(0);
      await rm(join(directory, 'skills'));
      expect((await readdir(directory)).sort()).toEqual([
        '.chanjing',
        'chanjing-avatar-data',
        'me.mp4',
        'talking.mp4',
      ]);
    } finally {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  }, 120_000);
});
