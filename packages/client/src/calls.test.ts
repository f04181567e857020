import { inspect } from 'node:util';
import type { Peer } from '@chanjing-avatar/test-peer';
import { FILE_ID, startPeer, TASK_ID } from '@chanjing-avatar/test-peer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from './index.js';
import {
  AuthenticationError,
  BillingError,
  ConnectionError,
  createClient,
  InvalidRequestError,
  OutcomeUnknownError,
  QuotaError,
  RateLimitError,
  ServerError,
  TimeoutError,
  UnexpectedReplyError,
  UnsupportedCallError,
} from './index.js';

const CREATE = 'POST /open/v1/video_lip_sync/create';
const DETAIL = 'GET /open/v1/video_lip_sync/detail';
const TOKEN = 'POST /open/v1/access_token';

let peer: Peer;
let client: Client;

beforeEach(async () => {
  peer = await startPeer();
  client = createClient({ baseUrl: `${peer.url}/`, credentials: peer.keys });
});

afterEach(() => peer.close());

const request = {
  video_file_id: FILE_ID,
  tts_config: { text: '君不见黄河之水天上来', audio_man_id: 'C-f2429d07554749839849497589199916' },
};

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => expect.fail(`succeeded with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

describe('a call', () => {
  it('gets a token once, sends it as access_token, and keeps it', async () => {
    await client.lipSync.retrieve(TASK_ID);
    await client.lipSync.retrieve(TASK_ID);
    expect(peer.seen(TOKEN)).toHaveLength(1);
    expect(peer.seen(DETAIL).map(({ headers }) => headers.access_token)).toEqual([peer.token, peer.token]);
  });

  it('sends the body that the contract describes, and only what was given', async () => {
    expect(await client.lipSync.create({ ...request, backway: 2 })).toBe(TASK_ID);
    expect(peer.seen(CREATE)[0]!.json).toEqual({ ...request, backway: 2 });
  });

  it.each([10400, 10401])('replaces a token that the server refuses with %i, once', async (code) => {
    await client.token();
    peer.script(DETAIL, { code, msg: 'AccessToken verification failed' });
    expect((await client.lipSync.retrieve(TASK_ID)).status).toBe(20);
    expect(peer.seen(TOKEN)).toHaveLength(2);
    peer.script(DETAIL, () => ({ code, msg: 'AccessToken verification failed' }));
    expect(await failure(client.lipSync.retrieve(TASK_ID))).toBeInstanceOf(AuthenticationError);
    expect(peer.seen(TOKEN)).toHaveLength(3);
  });

  it('creates with a replaced token too, because a refused create did nothing', async () => {
    await client.token();
    peer.token = 'somebody-elses';
    expect(await client.lipSync.create(request)).toBe(TASK_ID);
  });

  it('asks for one token when many calls start together', async () => {
    const other = createClient({ baseUrl: peer.url, credentials: peer.keys });
    await Promise.all([client, other, client, other].map((one) => one.lipSync.retrieve(TASK_ID)));
    expect(peer.seen(TOKEN)).toHaveLength(1);
  });

  it.each([
    [400, 'bad', InvalidRequestError],
    [40000, 'speed: received 9', InvalidRequestError],
    [40002, 'quota', QuotaError],
    [50000, '扣费失败', BillingError],
    [40000, '您的余额不足', BillingError],
    [50000, '蝉豆不足,请充值', BillingError],
  ])('turns code %i %s into its error, with msg and trace id', async (code, msg, Kind) => {
    peer.script(CREATE, { code, msg });
    const error = (await failure(client.lipSync.create(request))) as InvalidRequestError;
    expect(error).toBeInstanceOf(Kind);
    expect(error).toMatchObject({
      code,
      msg,
      request: { method: 'POST', path: '/open/v1/video_lip_sync/create' },
    });
    expect(error.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(peer.seen(CREATE)).toHaveLength(1);
  });

  it('repeats a read after a broken connection, an HTTP 500 and an internal error', async () => {
    const patient = createClient({ baseUrl: peer.url, credentials: peer.keys, maxRetries: 3 });
    peer.script(DETAIL, 'break', { status: 500, body: 'oops' }, { code: 50000, msg: 'later' });
    expect((await patient.lipSync.retrieve(TASK_ID)).id).toBe(TASK_ID);
    expect(peer.seen(DETAIL)).toHaveLength(4);
  });

  it('gives up after maxRetries', async () => {
    peer.script(DETAIL, () => ({ code: 51000, msg: '系统繁忙' }));
    expect(await failure(client.lipSync.retrieve(TASK_ID))).toBeInstanceOf(ServerError);
    expect(peer.seen(DETAIL)).toHaveLength(3);
  });

  it('waits as long as Retry-After asks, and not when that is too long', async () => {
    const limited = (seconds: string) => ({ code: 40001, msg: 'rpm', headers: { 'retry-after': seconds } });
    peer.script(CREATE, limited('1'));
    const begin = performance.now();
    expect(await client.lipSync.create(request)).toBe(TASK_ID);
    expect(performance.now() - begin).toBeGreaterThan(950);
    // A date of a server whose clock is a year behind.
    const theirs = Date.now() - 31_536_000_000;
    const at = (ms: number): string => new Date(theirs + ms).toUTCString();
    const dated = { code: 40001, msg: 'rpm', headers: { date: at(0), 'retry-after': at(1000) } };
    peer.script(CREATE, dated);
    const then = performance.now();
    expect(await client.lipSync.create(request)).toBe(TASK_ID);
    expect(performance.now() - then).toBeGreaterThan(950);
    peer.script(CREATE, limited('3600'));
    const error = await failure(client.lipSync.create(request));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ retryAfterMs: 3_600_000 });
  });

  it('names a time-out, a refused connection and a reply that is no envelope', async () => {
    peer.script(DETAIL, 'hang');
    const hasty = createClient({ baseUrl: peer.url, credentials: peer.keys, timeoutMs: 200, maxRetries: 0 });
    expect(await failure(hasty.lipSync.retrieve(TASK_ID))).toBeInstanceOf(TimeoutError);
    peer.script(DETAIL, { status: 502, body: '<h1>Bad gateway</h1>' });
    const page = await failure(hasty.lipSync.retrieve(TASK_ID));
    expect(page).toBeInstanceOf(UnexpectedReplyError);
    expect(page).toMatchObject({ status: 502 });
    // A peer that is gone before anything was said to it: a connection left over would rather be reset than refused.
    const gone = await startPeer();
    await gone.close();
    const nowhere = createClient({ baseUrl: gone.url, credentials: peer.keys, maxRetries: 0 });
    const refused = await failure(nowhere.lipSync.retrieve(TASK_ID));
    expect(refused).toBeInstanceOf(ConnectionError);
    expect(refused).toMatchObject({ mayHaveArrived: false });
  });

  it('names a reply without data, and a token request without a token', async () => {
    peer.script(DETAIL, { data: null });
    expect(await failure(client.lipSync.retrieve(TASK_ID))).toBeInstanceOf(UnexpectedReplyError);
    for (const data of [null, {}]) {
      peer.script(TOKEN, { data });
      const stranger = createClient({ baseUrl: `${peer.url}/prefix/..`, credentials: peer.keys });
      expect(await failure(stranger.token())).toMatchObject({ msg: 'The reply has no access_token' });
    }
  });

  it('stops at once when its signal aborts, with the signal’s reason', async () => {
    peer.script(DETAIL, 'hang');
    const stop = new AbortController();
    const call = client.lipSync.retrieve(TASK_ID, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 50);
    expect(await failure(call)).toMatchObject({ message: 'enough' });
  });

  it('does not follow redirects, which would carry the token elsewhere', async () => {
    peer.script(DETAIL, { status: 307, body: '', headers: { location: `${peer.url}/elsewhere` } });
    expect(await failure(client.lipSync.retrieve(TASK_ID))).toMatchObject({ status: 307 });
    expect(peer.seen('GET /elsewhere')).toEqual([]);
  });

  it('keeps to the calls a minute that the service allows', async () => {
    const paced = createClient({ baseUrl: peer.url, credentials: peer.keys, callsPerMinute: { create: 2 } });
    await paced.lipSync.create(request);
    await paced.lipSync.create(request);
    const stop = AbortSignal.timeout(200);
    expect(await failure(paced.lipSync.create(request, { signal: stop }))).toBe(stop.reason);
    expect(peer.seen(CREATE)).toHaveLength(2);
  });

  it('never shows a key or token in an error, even when the server repeats them', async () => {
    const token = await client.token();
    peer.script(DETAIL, { code: 40000, msg: `wrong ${token}` });
    peer.script(
      TOKEN,
      { code: 50000, msg: `no ${peer.keys.secretKey}` },
      { code: 40000, msg: peer.keys.secretKey },
    );
    const stranger = createClient({ baseUrl: peer.url, credentials: { ...peer.keys, appId: 'other' } });
    const errors = [await failure(client.lipSync.retrieve(TASK_ID)), await failure(stranger.token())];
    for (const error of errors) {
      const all = inspect(error, { depth: 10 }) + JSON.stringify(error);
      expect(all).not.toContain(token);
      expect(all).not.toContain(peer.keys.secretKey);
    }
    expect(errors[1]).toBeInstanceOf(AuthenticationError);
  });
});

describe('create without a reply', () => {
  it('is repeated with the same key where the server knows keys', async () => {
    peer.script(CREATE, 'break', { status: 503, body: '' });
    expect(await client.lipSync.create(request)).toBe(TASK_ID);
    const keys = peer.seen(CREATE).map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it.each([
    ['a broken connection', 'break' as const],
    ['a page of a proxy', { status: 504, body: 'gateway time-out' }],
    ['a reply that is no envelope', { status: 200, body: 'ok' }],
  ])('is never repeated on the cloud after %s: the outcome is unknown', async (_, answer) => {
    const cloud = createClient({ baseUrl: peer.url, credentials: peer.keys, idempotency: false });
    peer.script(CREATE, answer);
    const before = Math.floor(Date.now() / 1000);
    const error = (await failure(
      cloud.lipSync.create(request, { idempotencyKey: 'mine' }),
    )) as OutcomeUnknownError;
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error.outcome.idempotencyKey).toBe('mine');
    expect(error.outcome.sentAt).toBeGreaterThanOrEqual(before);
    expect(peer.seen(CREATE)).toHaveLength(1);
    expect(peer.seen(CREATE)[0]!.headers).not.toHaveProperty('idempotency-key');
  });

  it('has an unknown outcome when one try got no reply, whatever the later ones say', async () => {
    let tries = 0;
    const dying: typeof fetch = (input, init) => {
      if (!String(input).endsWith('/create') || tries++ === 0) return fetch(input, init);
      return Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
    };
    const own = createClient({ baseUrl: peer.url, credentials: peer.keys, idempotency: true, fetch: dying });
    peer.script(CREATE, 'break');
    expect(await failure(own.lipSync.create(request))).toBeInstanceOf(OutcomeUnknownError);
    peer.script(CREATE, 'break', { code: 40000, msg: 'text' });
    expect(await failure(client.lipSync.create(request))).toBeInstanceOf(InvalidRequestError);
  });

  it('has an unknown outcome when it was stopped on its way, and none when before', async () => {
    await client.token();
    peer.script(CREATE, 'hang');
    const stop = new AbortController();
    const create = client.lipSync.create(request, { signal: stop.signal });
    while (peer.seen(CREATE).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort(new Error('enough'));
    const error = await failure(create);
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect((error as OutcomeUnknownError).cause).toMatchObject({ message: 'enough' });
    const early = client.lipSync.create(request, { signal: stop.signal });
    expect(await failure(early)).toMatchObject({ message: 'enough' });
  });

  it('has an unknown outcome when the reply names no task', async () => {
    peer.script(CREATE, { data: null });
    const error = await failure(client.lipSync.create(request));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ code: 0, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(peer.seen(CREATE)).toHaveLength(1);
  });

  it('is repeated even on the cloud when nothing was sent', async () => {
    let tries = 0;
    const flaky: typeof fetch = (input, init) => {
      const isCreate = String(input).endsWith('/create');
      if (!isCreate || tries++ > 0) return fetch(input, init);
      return Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
    };
    const options = { baseUrl: peer.url, credentials: peer.keys, idempotency: false, fetch: flaky };
    expect(await createClient(options).lipSync.create(request)).toBe(TASK_ID);
  });

  it('treats speech tasks alike', async () => {
    peer.script('POST /open/v1/create_audio_task', 'break');
    const speech = { audio_man: 'C-1', text: { text: '你好' } };
    expect(await failure(client.speech.create(speech))).toBeInstanceOf(OutcomeUnknownError);
  });
});

describe('given access tokens', () => {
  it('takes a function, and asks it for another token when one is refused', async () => {
    peer.token = 'second';
    const refusals: unknown[] = [];
    const accessToken = (refused?: string) => {
      refusals.push(refused);
      return refused ? 'second' : 'first';
    };
    const { lipSync } = createClient({ baseUrl: peer.url, accessToken });
    expect((await lipSync.retrieve(TASK_ID)).id).toBe(TASK_ID);
    expect(refusals).toEqual([undefined, 'first']);
  });

  it('says that a fixed token was refused', async () => {
    const { lipSync } = createClient({ baseUrl: peer.url, accessToken: 'old' });
    expect(await failure(lipSync.retrieve(TASK_ID))).toBeInstanceOf(AuthenticationError);
  });
});

describe('cancel', () => {
  it('is an error of its own where the server has no such call', async () => {
    peer.script('POST /open/v1/video_lip_sync/cancel', { status: 404, body: '404 page not found' });
    expect(await failure(client.lipSync.cancel(TASK_ID))).toBeInstanceOf(UnsupportedCallError);
    expect((await client.lipSync.cancel(TASK_ID)).status).toBe(30);
  });
});
