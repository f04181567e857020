import { get } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const page = (accept: string): Promise<Response> => fetch(`${server.url}/`, { headers: { accept } });

it('answers a browser with the page and its strict policy, and programs as before', async () => {
  const answer = await page('text/html,application/xhtml+xml,*/*;q=0.8');
  expect(answer.status).toBe(200);
  const policy = answer.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("style-src 'self';");
  expect(policy).not.toMatch(/unsafe|\*|http/);
  expect(answer.headers.get('x-frame-options')).toBe('DENY');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  const html = await answer.text();
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)| on\w+=/);
  for (const accept of ['*/*', 'application/json']) {
    const other = await page(accept);
    expect(other.status).toBe(404);
    expect(await other.json()).toMatchObject({ code: 400, data: null });
  }
});

const bytesOf = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(server.url + path, { headers: { accept: 'text/html', 'accept-encoding': 'gzip' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('end', () => resolve(bytes));
    }).on('error', reject);
  });

it('sends the whole console in less than 150 kB, to be kept for ever under names that change', async () => {
  const html = await (await page('text/html')).text();
  const files = [...html.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map((match) => match[1]!);
  expect(files.length).toBeGreaterThanOrEqual(3);
  let total = await bytesOf('/');
  for (const file of files) {
    const answer = await fetch(server.url + file);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    total += await bytesOf(file);
  }
  console.log('bytes of the first load, compressed:', total);
  expect(total).toBeLessThan(150_000);
  for (const wrong of ['/console/index.html', '/console/..%2fpackage.json', '/console/constructor'])
    expect((await fetch(server.url + wrong)).status).toBe(404);
});

it('lets results of another public address be shown, and nothing else from elsewhere', async () => {
  const other = await startTestServer({ 'public-url': 'https://avatar.example.com/api' });
  const answer = await fetch(`${other.url}/`, { headers: { accept: 'text/html' } });
  const policy = answer.headers.get('content-security-policy')!;
  await other.stop();
  expect(policy).toContain("media-src 'self' blob: data: https://avatar.example.com;");
  expect(policy).toContain("script-src 'self';");
});
