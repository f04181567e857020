import { readdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { CODE } from '@chanjing-avatar/protocol';
import { expect, it } from 'vitest';
import { makeMedia, type Reply, startTestServer, until } from '../testing/test-server.js';

const refusesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });

it('lets an upload finish while it stops, and refuses new calls in the envelope', async () => {
  const server = await startTestServer({ 'stop-seconds': '20' });
  const { data } = await server.app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
  const movie = await makeMedia('a.mp4');
  const url = new URL(data.sign_url);
  const socket = net.connect(Number(url.port), url.hostname);
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes;
  });
  socket.write(
    `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: x\r\ncontent-type: video/mp4\r\ncontent-length: ${movie.length}\r\n\r\n`,
  );
  socket.write(movie.subarray(0, 1000));
  await until(async () => readdirSync(path.join(server.dataDir, 'incoming')).length === 1);
  const stopped = server.stop();
  await until(() => refusesConnections(Number(url.port)));
  socket.write(movie.subarray(1000));
  socket.write(
    `POST /open/v1/video_lip_sync/list HTTP/1.1\r\nhost: x\r\naccess_token: ${server.app.token}\r\ncontent-length: 2\r\n\r\n{}`,
  );
  await stopped;
  const answers = heard.split(/(?=HTTP\/1\.1 )/);
  const replies = answers.map((answer) => JSON.parse(answer.slice(answer.indexOf('{'))) as Reply);
  expect(answers.every((answer) => answer.startsWith('HTTP/1.1 200'))).toBe(true);
  expect(replies.map((reply) => reply.code)).toEqual([CODE.success, CODE.internal]);
  expect(answers[1]).toMatch(/retry-after: 5/i);
});
