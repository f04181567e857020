import { statfs } from 'node:fs/promises';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Announced, announce, put } from '../server/call.js';
import { testVideo } from '../server/test-video.js';
import type { Judge } from './judge.js';

type Target = { readonly url: string; readonly token: string; readonly dataDir: string };

/** The largest body that a server takes by default. */
const LARGEST = 2 * 1024 ** 3;
/** What a server keeps free, and what other programs may write or remove meanwhile. */
const RESERVED = 256 * 1024 ** 2;
const AT_ONCE = 500;
/** The least speed is looked at each half minute. */
const PATIENCE_MS = 90_000;

type Sender = { readonly socket: net.Socket; status(): number | undefined };

/** Announces a body of which nothing comes. */
const begin = (file: Announced): Sender => {
  const { hostname, port, pathname, search } = new URL(file.sign_url);
  const socket = net.connect(Number(port), hostname);
  let answer = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  const headers = [`host: ${hostname}`, `content-type: ${file.mime_type}`, `content-length: ${LARGEST}`];
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
  return {
    socket,
    status: () => {
      const [, code] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
      return code === undefined ? undefined : Number(code);
    },
  };
};

const waitFor = async (done: () => boolean, ms: number): Promise<boolean> => {
  const end = Date.now() + ms;
  while (!done() && Date.now() < end) await sleep(100);
  return done();
};

const countOf = (senders: readonly Sender[], code: number | undefined): number =>
  senders.filter(({ status }) => status() === code).length;

/** Many bodies of the largest size at once, which come slowly or not at all: the disk's reserve must stay. */
export const slowUploads = async ({ url, token, dataDir }: Target, { fault }: Judge): Promise<void> => {
  const one = await announce(url, token, 'slow.mp4');
  const rivals = Array.from({ length: AT_ONCE }, () => begin(one));
  await waitFor(() => countOf(rivals, 409) >= AT_ONCE - 1, 60_000);
  if (countOf(rivals, 409) !== AT_ONCE - 1) {
    fault(`${AT_ONCE} uploads to one sign_url: ${countOf(rivals, 409)} were refused, expected all but one`);
  }
  const { bavail, bsize } = await statfs(dataDir);
  const places = Math.floor((bavail * bsize - RESERVED) / LARGEST) - 1;
  const others: Sender[] = [];
  // One after another would take long; all at once is what an attacker does.
  const files = await Promise.all(
    Array.from({ length: Math.min(places + 20, AT_ONCE) }, (_, n) => announce(url, token, `${n}.mp4`)),
  );
  others.push(...files.map(begin));
  const surplus = others.length - places - 1;
  if (surplus > 0) {
    await waitFor(() => countOf(others, 507) >= surplus, 60_000);
    if (countOf(others, 507) < surplus) {
      fault(
        `room for ${places} more uploads, but only ${countOf(others, 507)} of ${others.length} were refused`,
      );
    }
  }
  const drip = rivals.find(({ status }) => status() === undefined);
  const drops = setInterval(() => drip?.socket.write('x'), 1000);
  if (drip && !(await waitFor(() => drip.status() === 408, PATIENCE_MS))) {
    fault('a body that only drips is not cut off');
  }
  clearInterval(drops);
  for (const { socket } of [...rivals, ...others]) socket.destroy();
  await sleep(1000);
  const honest = await put(await announce(url, token, 'honest.mp4'), await testVideo());
  if (honest.status !== 200) fault(`an honest upload afterwards is answered ${honest.status}`);
  console.log(
    `uploads  ${AT_ONCE} to one sign_url: ${countOf(rivals, 409)} refused; ${others.length} of 2 GiB with room for ${places + 1}: ${countOf(others, 507)} refused`,
  );
};
