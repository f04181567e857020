// Packs the SDK and uses it as strangers do: publint, attw, a TypeScript project, ES module and CommonJS consumers, a Vite
// bundle with a size limit, and that bundle in a real headless Chromium (skipped when there is none).
//   npm run check:package -w packages/client
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { startPeer, VIDEO } from '@chanjing-avatar/test-peer';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { build } from 'vite';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const LARGEST_BUNDLE = 12 * 1024;
const BROWSER_MS = 60_000;

const home = mkdtempSync(join(tmpdir(), 'packed-'));
const write = (name, content) => {
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, name), content);
};
const node = (...args) => execFileSync(process.execPath, args, { cwd: home, encoding: 'utf8' });
const report = (name, result) => console.log(`${name.padEnd(28)} ${result}`);
const expect = (condition, message) => {
  if (!condition) throw new Error(message);
};

const packAndInstall = () => {
  execFileSync('npm', ['pack', '--pack-destination', home], {
    cwd: PACKAGE,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const tarball = join(
    home,
    readdirSync(home).find((name) => name.endsWith('.tgz')),
  );
  write('package.json', '{ "name": "consumer", "private": true, "type": "module" }');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], {
    cwd: home,
    stdio: 'ignore',
  });
  const installed = readdirSync(join(home, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(installed.join() === '@chanjing-avatar', `installed more than the SDK: ${installed}`);
  return tarball;
};

const lint = async (tarball) => {
  const pkgDir = join(home, 'node_modules/@chanjing-avatar/client');
  const { messages } = await publint({ pkgDir, pack: false, strict: true });
  const manifest = JSON.parse(readFileSync(join(pkgDir, 'package.json'), 'utf8'));
  expect(messages.length === 0, messages.map((message) => formatMessage(message, manifest)).join('\n'));
  report('publint', 'ok');
  const attw = createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json');
  // Node 20.19 and newer load ES modules with require(), so there is no second build.
  node(join(dirname(attw), 'dist/index.js'), tarball, '--profile', 'esm-only', '--no-color');
  report('attw (esm-only)', 'ok');
};

const useFromNode = async (peer) => {
  const script = `{ baseUrl: '${peer.url}', credentials: ${JSON.stringify(peer.keys)} }`;
  const use = `const client = createClient(${script});
    client.lipSync.run({ video: new File(['x'], 'a.mp4'), tts_config: { text: 'hi', audio_man_id: 'C-1' } })
      .then(({ video }) => video.text()).then(console.log);`;
  write('esm.mjs', `import { createClient } from '@chanjing-avatar/client';\n${use}`);
  write('cjs.cjs', `const { createClient } = require('@chanjing-avatar/client');\n${use}`);
  write(
    'node.cjs',
    `const { baseUrlOf } = require('@chanjing-avatar/client/node');\nconsole.log(baseUrlOf({}));`,
  );
  for (const file of ['esm.mjs', 'cjs.cjs']) {
    const output = await new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [file], { cwd: home, stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
      });
      child.on('error', reject);
      child.on('close', () => resolve(text));
    });
    expect(output.trim() === VIDEO.toString(), `${file} printed ${output}`);
    report(`node ${file}`, 'ok');
  }
  expect(node('node.cjs').trim() === 'https://open-api.chanjing.cc', 'node.cjs');
  report('node node.cjs', 'ok');
};

const useFromTypeScript = () => {
  write(
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
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  node(join(typescript, 'bin/tsc'), '-p', '.');
  report('TypeScript, DOM types only', 'ok');
};

const bundle = async () => {
  write(
    'web/main.js',
    `import { createClient } from '@chanjing-avatar/client';
const { url, token } = Object.fromEntries(new URLSearchParams(location.search));
const client = createClient({ baseUrl: url, accessToken: token });
const stages = new Set();
const request = { video: new File(['x'.repeat(100000)], 'a.mp4'), tts_config: { text: 'hi', audio_man_id: 'C-1' } };
const onProgress = (stage, fraction) => fraction === 1 && stages.add(stage);
client.lipSync.run(request, { onProgress }).then(async ({ video }) => ({ text: await video.text(), stages: [...stages] }))
  .catch((error) => ({ error: String(error) }))
  .then((result) => fetch('/done', { method: 'POST', body: JSON.stringify(result) }));`,
  );
  write('web/index.html', '<!doctype html><script type="module" src="./main.js"></script>');
  await build({
    root: join(home, 'web'),
    logLevel: 'error',
    build: { outDir: join(home, 'site'), target: 'es2022' },
  });
  const [script] = readdirSync(join(home, 'site/assets')).filter((name) => name.endsWith('.js'));
  const size = gzipSync(readFileSync(join(home, 'site/assets', script))).length;
  expect(
    size < LARGEST_BUNDLE,
    `the bundle for run has ${size} bytes gzipped, allowed are ${LARGEST_BUNDLE}`,
  );
  report('bundle for run, gzipped', `${size} bytes`);
};

const findChromium = () =>
  ['chromium', 'chromium-browser', 'google-chrome'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });

const TYPES = { '.html': 'text/html', '.js': 'text/javascript' };

const useFromBrowser = async (peer) => {
  const chromium = findChromium();
  if (!chromium) return report('Chromium', 'skipped: not installed');
  const { promise: done, resolve, reject } = deferred();
  const site = createServer((request, response) => {
    if (request.method === 'POST') {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        response.end();
        resolve(JSON.parse(text));
      });
      return;
    }
    const path = request.url.split('?')[0];
    const name = path === '/' ? '/index.html' : path;
    try {
      response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
      response.end(readFileSync(join(home, 'site', name)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => site.listen(0, '127.0.0.1', ready));
  const query = new URLSearchParams({ url: peer.url, token: peer.token });
  const address = `http://127.0.0.1:${site.address().port}/?${query}`;
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  const browser = spawn(chromium, [...flags, `--user-data-dir=${join(home, 'profile')}`, address], {
    stdio: 'ignore',
  });
  const timer = setTimeout(() => reject(new Error('the browser did not answer')), BROWSER_MS);
  try {
    const { text, stages, error } = await done;
    expect(!error, `in Chromium: ${error}`);
    expect(text === VIDEO.toString(), `Chromium got ${text}`);
    expect(stages.join() === 'upload,generate,download', `Chromium saw ${stages}`);
    report('Chromium, Vite bundle', 'ok');
  } finally {
    clearTimeout(timer);
    browser.kill('SIGKILL');
    site.close();
    site.closeAllConnections();
  }
};

const deferred = () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const peer = await startPeer();
try {
  await lint(packAndInstall());
  await useFromNode(peer);
  useFromTypeScript();
  await bundle();
  await useFromBrowser(peer);
} finally {
  await peer.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
