import { ENDPOINTS, TOKEN_HEADER } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMedia, startTestServer, type TestServer } from '../testing/test-server.js';

const PAGE = 'https://app.example.com';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ 'cors-origins': `${PAGE},http://localhost:5173` });
});
afterAll(() => server?.stop());

const ask = (target: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> =>
  fetch(target.startsWith('http') ? target : server.url + target, init);

const preflight = (target: string, method: string, headers: string, origin = PAGE): Promise<Response> =>
  ask(target, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
  });

const allowed = (answer: Response, header: string): string[] =>
  (answer.headers.get(`access-control-allow-${header}`) ?? '').toLowerCase().split(', ');

describe('a page of an allowed origin', () => {
  it('may send what the SDK sends', async () => {
    const { data } = await server.app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
    for (const [target, method, headers] of [
      [ENDPOINTS.createTask.path, 'POST', [TOKEN_HEADER, 'content-type', 'idempotency-key']],
      [ENDPOINTS.taskEvents.path, 'GET', [TOKEN_HEADER]],
      [data.sign_url, 'PUT', ['content-type']],
      [data.full_path, 'GET', ['range', 'if-range']],
    ] as const) {
      const answer = await preflight(target, method, headers.join(','));
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(answer.headers.get('vary')).toContain('origin');
      expect(allowed(answer, 'methods')).toContain(method.toLowerCase());
      for (const header of headers) expect(allowed(answer, 'headers')).toContain(header);
    }
  });

  it('may read replies, refusals, uploads and parts of results', async () => {
    const headers = { origin: PAGE, access_token: server.app.token };
    const { data } = await server.app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
    const media = await makeMedia('a.mp4');
    const answers = [
      await ask(ENDPOINTS.listTasks.path, { method: 'POST', headers }),
      await ask(ENDPOINTS.listTasks.path, { method: 'POST', headers: { origin: PAGE } }),
      await ask('/open/v1/nothing', { headers }),
      await ask(data.sign_url, {
        method: 'PUT',
        headers: { origin: PAGE, 'content-type': data.mime_type },
        body: media as Uint8Array<ArrayBuffer>,
      }),
      await ask(data.full_path, { headers: { origin: PAGE, range: 'bytes=0-9' } }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 404, 200, 206]);
    for (const answer of answers) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(answer.headers.get('access-control-expose-headers')).toContain('content-range');
      expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
    }
  });
});

it('keeps pages of other origins out', async () => {
  for (const origin of ['https://evil.example.com', 'https://app.example.com.evil.com', 'null', '*']) {
    const answer = await preflight(ENDPOINTS.createTask.path, 'POST', TOKEN_HEADER, origin);
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
    const read = await ask(ENDPOINTS.listTasks.path, { method: 'POST', headers: { origin } });
    expect(read.headers.has('access-control-allow-origin')).toBe(false);
  }
});

it('lets pages of any origin in when told so, and of none by default', async () => {
  const open = await startTestServer({ 'cors-origins': '*' });
  const closed = await startTestServer();
  const origins = [open, closed].map(async ({ url }) => {
    const answer = await fetch(`${url}${ENDPOINTS.listTasks.path}`, {
      method: 'OPTIONS',
      headers: { origin: 'https://anywhere.example', 'access-control-request-method': 'POST' },
    });
    return answer.headers.get('access-control-allow-origin');
  });
  expect(await Promise.all(origins)).toEqual(['*', null]);
  await open.stop();
  await closed.stop();
});
