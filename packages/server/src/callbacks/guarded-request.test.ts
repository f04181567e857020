import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForbiddenAddressError, guardedPost } from './guarded-request.js';

let target: http.Server;
let port: number;
let hits: string[] = [];

beforeAll(async () => {
  target = http.createServer((request, reply) => {
    hits.push(request.url!);
    if (request.url === '/circle') reply.writeHead(307, { location: '/circle' });
    if (request.url === '/redirect') reply.writeHead(302, { location: 'http://169.254.169.254/' });
    const [, code, rest] = /^\/to-(\d+)\/(.*)$/.exec(request.url!) ?? [];
    if (code) reply.writeHead(Number(code), { location: decodeURIComponent(rest!) });
    if (request.url === '/received') {
      request.on('data', (chunk) => hits.push(`${request.method} ${request.headers['webhook-id']} ${chunk}`));
    }
    if (request.url!.startsWith('/drip')) {
      const drip = (): void => void (request.url === '/drip' ? reply.write('.') : reply.writeProcessing());
      const timer = setInterval(drip, 20);
      request.socket.once('close', () => {
        clearInterval(timer);
        hits.push('closed');
      });
      return;
    }
    if (request.url === '/flood') {
      const chunk = Buffer.alloc(65_536);
      const pour = (): void => {
        while (!reply.destroyed && reply.write(chunk));
        if (!reply.destroyed) reply.once('drain', pour);
      };
      pour();
      return;
    }
    reply.end('ok');
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  port = (target.address() as AddressInfo).port;
});
afterAll(() => {
  target.closeAllConnections();
  target.close();
});

type Lookup = NonNullable<Parameters<typeof guardedPost>[1]>;
const PUBLIC = { address: '93.184.216.34', family: 4 };
const LOOPBACK = { address: '127.0.0.1', family: 4 };

const refusalOf = async (url: string, lookup?: Lookup): Promise<unknown> => {
  const { post, close } = guardedPost([], lookup);
  try {
    return (await post(url, '{}', {})).status;
  } catch (error) {
    return (error as Error).cause ?? error;
  } finally {
    await close();
  }
};

describe('a callback', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://127.1:PORT/',
    'http://0:PORT/',
    'http://169.254.169.254/latest',
    'http://[fd00::1]/',
    'http://100.64.0.1/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://192.0.0.192/',
    'http://user:p@example.com/',
    'file:///etc/passwd',
    'http://[2002:7f00:1::]:PORT/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://198.18.0.1/',
    'http://[::]:PORT/',
    'http://10.0.0.1:22/',
    'http://[::7f00:1]:PORT/',
    'http://[4000::1]/',
  ])('never goes to %s', async (url) => {
    hits = [];
    expect(await refusalOf(url.replace('PORT', String(port)))).toBeInstanceOf(ForbiddenAddressError);
    expect(hits).toEqual([]);
  });

  it('never goes to a name that answers well to a check and badly to the connection', async () => {
    hits = [];
    let asked = 0;
    const rebinding: Lookup = (_host, _options, done) => {
      asked += 1;
      done(null, [asked === 1 ? PUBLIC : LOOPBACK]);
    };
    asked = 1;
    expect(await refusalOf(`http://evil.test:${port}/`, rebinding)).toBeInstanceOf(ForbiddenAddressError);
    expect(hits).toEqual([]);
  });

  it('never goes to a name with one good and one bad address', async () => {
    hits = [];
    const mixed: Lookup = (_host, _options, done) => done(null, [PUBLIC, LOOPBACK]);
    expect(await refusalOf(`http://mixed.test:${port}/`, mixed)).toBeInstanceOf(ForbiddenAddressError);
    expect(hits).toEqual([]);
  });

  it('follows 307 and 308 with the same request, and takes other redirects for the answer', async () => {
    const { post, close } = guardedPost(['127.0.0.0/8']);
    for (const status of [307, 308]) {
      hits = [];
      const headers = { 'webhook-id': 'msg_1' };
      expect(await post(`http://127.0.0.1:${port}/to-${status}/%2Freceived`, '{"a":1}', headers)).toEqual({
        status: 200,
      });
      expect(hits).toEqual([`/to-${status}/%2Freceived`, '/received', 'POST msg_1 {"a":1}']);
    }
    for (const status of [301, 302, 303]) {
      hits = [];
      expect(await post(`http://127.0.0.1:${port}/to-${status}/%2Freceived`, '{}', {})).toEqual({ status });
      expect(hits).toHaveLength(1);
    }
    await close();
  });

  it.each([
    'http://169.254.169.254/latest',
    'http://10.0.0.1/',
    'http://[::1]:PORT/received',
    'http://user:p@127.0.0.1:PORT/received',
    'file:///etc/passwd',
    'gopher://127.0.0.1:PORT/',
  ])('is not led to %s', async (url) => {
    hits = [];
    const { post, close } = guardedPost(['127.0.0.0/8']);
    const to = encodeURIComponent(url.replace('PORT', String(port)));
    // By a first redirect to an allowed address, too.
    const again = encodeURIComponent(`/to-307/${to}`);
    for (const path of [`to-308/${to}`, `to-308/${again}`]) {
      await expect(post(`http://127.0.0.1:${port}/${path}`, '{}', {})).rejects.toBeInstanceOf(
        ForbiddenAddressError,
      );
    }
    expect(hits).toHaveLength(3);
    await close();
  });

  it('is not led in circles', async () => {
    hits = [];
    const { post, close } = guardedPost(['127.0.0.0/8']);
    const circle = post(`http://127.0.0.1:${port}/circle`, '{}', {});
    await expect(circle).rejects.toThrow('redirected more than 5 times');
    expect(hits).toHaveLength(6);
    await close();
  });

  it('goes to allowed ranges, follows no 302 and reads no endless answer', async () => {
    hits = [];
    const { post, close } = guardedPost(['127.0.0.0/8']);
    expect(await post(`http://127.0.0.1:${port}/`, '{}', {})).toEqual({ status: 200 });
    expect(await post(`http://127.0.0.1:${port}/redirect`, '{}', {})).toEqual({ status: 302 });
    expect(await post(`http://127.0.0.1:${port}/flood`, '{}', {}).catch(() => 'cut')).toBeDefined();
    expect(hits).toEqual(['/', '/redirect', '/flood']);
    await expect(post('http://10.0.0.1/', '{}', {})).rejects.toBeInstanceOf(ForbiddenAddressError);
    await close();
  });

  it.each(['/drip', '/drip-early'])('ends an exchange that only ever drips on (%s)', async (route) => {
    hits = [];
    const { post, close } = guardedPost(['127.0.0.0/8'], undefined, 300);
    const outcome = post(`http://127.0.0.1:${port}${route}`, '{}', {}).then(
      ({ status }) => status,
      (error: Error) => error.name,
    );
    expect(await outcome).toBe(route === '/drip' ? 200 : 'TimeoutError');
    while (!hits.includes('closed')) await sleep(10);
    await close();
  });
});
