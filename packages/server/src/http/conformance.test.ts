import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { CODE, ENDPOINTS, type Endpoints, EXAMPLE_VOICE_ID, LIMITS } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import {
  exampleRequest,
  makeMedia,
  type Reply,
  startTestServer,
  type TestApp,
  type TestServer,
} from '../testing/test-server.js';

let server: TestServer;
let app: TestApp;
let stranger: TestApp;
let video: string;
let audio: string;

beforeAll(async () => {
  server = await startTestServer();
  app = server.app;
  const other = await withApps(server.settings, (apps) => apps.create('stranger'));
  stranger = await server.login({ app_id: other.id, secret_key: other.secretKey });
  video = await app.upload('lip_sync_video', '1.mp4', await makeMedia('a.mp4'));
  audio = await app.upload('lip_sync_audio', '1.wav', await makeMedia('a.wav'));
});
afterAll(() => server?.stop());

/** A port that nobody listens on. */
const freePort = async (): Promise<number> => {
  const probe = http.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
};

const raw = (path: string, init?: RequestInit): Promise<Response> => fetch(server.url + path, init);

describe('transport', () => {
  it('answers the envelope with HTTP 200, a trace id of 32 hex characters and msg success', async () => {
    const answer = await raw('/open/v1/list_common_audio', { headers: { access_token: app.token } });
    const body = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(Object.keys(JSON.parse(body))).toEqual(['trace_id', 'code', 'msg', 'data']);
    expect(JSON.parse(body)).toMatchObject({ code: 0, msg: 'success' });
    expect(JSON.parse(body).trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers.get('x-trace-id')).toBe(JSON.parse(body).trace_id);
  });

  it('answers errors in the envelope with HTTP 200 too', async () => {
    const answer = await raw('/open/v1/video_lip_sync/detail?id=1');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ code: CODE.unauthorized, data: null });
  });

  it('does not mind how the token header is spelt', async () => {
    for (const name of ['access_token', 'Access_Token', 'ACCESS_TOKEN', 'Access_token']) {
      const { hostname, port } = new URL(server.url);
      // fetch would write every name in small letters.
      const request = http.get({
        hostname,
        port,
        path: '/open/v1/list_common_audio',
        headers: { [name]: app.token },
      });
      const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
      expect((JSON.parse(await text(answer)) as Reply).code).toBe(0);
    }
  });

  it.each(['{"a":', '\0', '[[[[', '{"a":1}}', 'app_id=1'])('calls the body %j malformed', async (body) => {
    const answer = await raw('/open/v1/video_lip_sync/list', {
      method: 'POST',
      headers: { access_token: app.token },
      body,
    });
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as Reply).code).toBe(CODE.malformed);
  });

  it('does not take the body null for an empty object', async () => {
    for (const body of ['null', ' null\n', '[]', '1', '"x"']) {
      const answer = await raw('/open/v1/video_lip_sync/list', {
        method: 'POST',
        headers: { access_token: app.token, 'content-type': 'application/json' },
        body,
      });
      expect(await answer.json()).toMatchObject({ code: CODE.malformed, data: null });
    }
  });

  it('reads JSON whatever the content type, and takes no body for an empty object', async () => {
    for (const [type, body] of [
      ['text/plain', '{"page":2}'],
      ['application/x-www-form-urlencoded', '{"page":2}'],
    ] as const) {
      const headers = { access_token: app.token, 'content-type': type };
      const answer = await raw(ENDPOINTS.listTasks.path, { method: 'POST', headers, body });
      expect(((await answer.json()) as Reply).data.page_info.page).toBe(2);
    }
    const none = await raw(ENDPOINTS.listTasks.path, {
      method: 'POST',
      headers: { access_token: app.token },
    });
    expect(((await none.json()) as Reply).data.page_info.page).toBe(1);
  });

  it('takes a body with a byte order mark, and calls one that is no UTF-8 malformed', async () => {
    const list = async (body: Uint8Array): Promise<Reply> => {
      const headers = { access_token: app.token };
      const init = { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> };
      return (await (await raw(ENDPOINTS.listTasks.path, init)).json()) as Reply;
    };
    expect((await list(Buffer.from('\uFEFF{"page":2}'))).data.page_info.page).toBe(2);
    const gbk = Buffer.concat([
      Buffer.from('{"page":2,"note":"'),
      Buffer.from([0xc4, 0xe3]),
      Buffer.from('"}'),
    ]);
    expect(await list(gbk)).toMatchObject({ code: CODE.malformed, msg: expect.stringContaining('UTF-8') });
  });

  it('survives a body nested a hundred thousand levels deep', async () => {
    const deep = `{"video_file_id":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const headers = { access_token: app.token };
    const answer = await raw(ENDPOINTS.createTask.path, { method: 'POST', headers, body: deep });
    expect(((await answer.json()) as Reply).code).toBe(CODE.malformed);
    const objects = `${'{"tts_config":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const second = await raw(ENDPOINTS.createTask.path, { method: 'POST', headers, body: objects });
    expect([CODE.malformed, CODE.parameter]).toContain(((await second.json()) as Reply).code);
  });

  it('refuses a body over a megabyte', async () => {
    const headers = { access_token: app.token };
    const body = JSON.stringify({ text: 'x'.repeat(1_100_000) });
    const answer = await raw(ENDPOINTS.listTasks.path, { method: 'POST', headers, body });
    expect(((await answer.json()) as Reply).code).toBe(CODE.malformed);
  });

  it('answers a too long address in the envelope too', async () => {
    const answer = await raw(`/open/v1/list_common_audio?page=${'1'.repeat(20_000)}`);
    expect([answer.status, ((await answer.json()) as Reply).code]).toEqual([431, CODE.malformed]);
  });

  it('says what is wrong with an unknown address, a wrong method and a malformed URL', async () => {
    const unknown = await raw('/open/v1/nothing');
    expect([unknown.status, ((await unknown.json()) as Reply).code]).toEqual([404, CODE.malformed]);
    const method = await raw(ENDPOINTS.createTask.path);
    expect([method.status, ((await method.json()) as Reply).msg]).toEqual([405, 'this call is a POST']);
    for (const path of ['/open/v1/nothing', '/upload/1?expires=1&signature=a']) {
      const posted = await raw(path, {
        method: 'POST',
        headers: { 'content-type': 'video/mp4' },
        body: 'abc',
      });
      expect([posted.status, ((await posted.json()) as Reply).msg]).toEqual(
        path.startsWith('/upload') ? [405, 'this call is a PUT'] : [404, expect.stringContaining('nothing')],
      );
    }
    const malformed = await raw('/open/v1/%E0%A4%A');
    expect(malformed.status).toBe(400);
    expect(((await malformed.json()) as Reply).code).toBe(CODE.malformed);
  });
});

describe('access_token', () => {
  it('issues a token for a day, as a Unix time, and ends the previous one', async () => {
    const made = await withApps(server.settings, (apps) => apps.create('token'));
    const pair = { app_id: made.id, secret_key: made.secretKey };
    const first = await app.call('createToken', pair);
    expect(Object.keys(first.data)).toEqual(['access_token', 'expire_in']);
    expect(first.data.access_token).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(first.data.expire_in - Date.now() / 1000).toBeGreaterThan(LIMITS.tokenSeconds - 10);
    expect(first.data.expire_in - Date.now() / 1000).toBeLessThanOrEqual(LIMITS.tokenSeconds);
    const old = { access_token: first.data.access_token };
    expect((await app.call('listTasks', {}, old)).code).toBe(0);
    const second = await app.call('createToken', pair);
    expect((await app.call('listTasks', {}, old)).code).toBe(CODE.unauthorized);
    expect((await app.call('listTasks', {}, { access_token: second.data.access_token })).code).toBe(0);
    expect((await app.call('listTasks')).code).toBe(0);
  });

  it('never says which half of a wrong pair was wrong', async () => {
    const { app_id, secret_key } = server.credentials;
    const wrongSecret = await app.call('createToken', { app_id, secret_key: `${secret_key}x` });
    const wrongApp = await app.call('createToken', { app_id: `${app_id}\0`, secret_key: 'x' });
    expect(wrongSecret.code).toBe(CODE.parameter);
    expect({ ...wrongApp, trace_id: '' }).toEqual({ ...wrongSecret, trace_id: '' });
  });

  it.each([{}, { app_id: 1, secret_key: 2 }, { app_id: 'a' }, { app_id: '', secret_key: '' }])(
    'refuses %j',
    async (body) => {
      expect([CODE.malformed, CODE.parameter]).toContain((await app.call('createToken', body)).code);
    },
  );

  it.each(['', 'x', 'x'.repeat(5000), "' or 1=1 --"])('refuses the token %j', async (access_token) => {
    for (const [name, endpoint] of Object.entries(ENDPOINTS)) {
      if (!endpoint.authenticated) continue;
      const reply = await app.call(name as keyof Endpoints, {}, { access_token });
      expect(reply.code).toBe(CODE.unauthorized);
    }
  });

  it('gives an app a new secret, and disables an app', async () => {
    const made = await withApps(server.settings, (apps) => apps.create('short-lived'));
    const old = await server.login({ app_id: made.id, secret_key: made.secretKey });
    const rotated = await withApps(server.settings, (apps) => apps.rotate(made.id));
    expect((await old.call('listTasks')).code).toBe(CODE.unauthorized);
    const oldPair = { app_id: made.id, secret_key: made.secretKey };
    expect((await app.call('createToken', oldPair)).code).toBe(CODE.parameter);
    const fresh = await server.login({ app_id: made.id, secret_key: rotated.secretKey });
    expect((await fresh.call('listTasks')).code).toBe(0);
    await withApps(server.settings, (apps) => apps.disable(made.id));
    expect((await fresh.call('listTasks')).code).toBe(CODE.unauthorized);
    const pair = { app_id: made.id, secret_key: rotated.secretKey };
    expect((await app.call('createToken', pair)).code).toBe(CODE.parameter);
  });
});

describe('create_upload_url', () => {
  it.each([
    ['lip_sync_video', '1.mp4', 'video/mp4'],
    ['lip_sync_video', '君 不见 [final].MOV', 'video/quicktime'],
    ['lip_sync_video', '../../etc/passwd.webm', 'video/webm'],
    ['lip_sync_audio', 'a.b.mp3', 'audio/mpeg'],
    ['lip_sync_audio', 'C:\\x\\y.m4a', 'audio/mp4'],
    ['lip_sync_audio', '%00"\'<>.wav', 'audio/wav'],
  ])('takes %s %j', async (service, name, type) => {
    const { code, data } = await app.call('createUploadUrl', { service, name });
    expect(code).toBe(0);
    expect(Object.keys(data)).toEqual(['sign_url', 'mime_type', 'file_id', 'full_path', 'key']);
    expect(data.mime_type).toBe(type);
    expect(data.file_id).toMatch(/^[0-9a-f]{32}$/);
    expect(data.key).toMatch(/^uploads\/[0-9a-f]{32}\.[a-z0-9]+$/);
    expect(data.sign_url.startsWith(server.uploadsUrl)).toBe(true);
    expect((await app.call('fileDetail', { id: data.file_id })).data.name).toBe(name);
  });

  it.each([
    [{}, 'service: received nothing'],
    [{ service: 'lip_sync_video' }, 'name: received nothing'],
    [{ service: 'customised_person', name: '1.mp4' }, 'expected "lip_sync_video" or "lip_sync_audio"'],
    [{ service: 'lip_sync_video', name: '1.mp3' }, 'mp4, mov, webm'],
    [{ service: 'lip_sync_audio', name: '1.mp4' }, 'mp3, m4a, wav'],
    [{ service: 'lip_sync_video', name: 'mp4' }, 'mp4, mov, webm'],
    [{ service: 'lip_sync_video', name: '1.constructor' }, 'mp4, mov, webm'],
    [{ service: 'lip_sync_video', name: '' }, 'name:'],
    [{ service: 'lip_sync_video', name: 'a\0.mp4' }, 'name:'],
    [{ service: 'lip_sync_video', name: `${'x'.repeat(256)}.mp4` }, 'name:'],
  ])('refuses %j', async (parameters, msg) => {
    const reply = await app.call('createUploadUrl', parameters);
    expect(reply.code).toBe(CODE.parameter);
    expect(reply.msg).toContain(msg);
  });
});

describe('create', () => {
  it('makes a playable video of the seeds example, with the vendor fields and no others', async () => {
    const created = await app.call('createTask', exampleRequest(video));
    expect(created).toMatchObject({ code: 0, msg: 'success' });
    expect(created.data).toMatch(/^[0-9a-f]{32}$/);
    const task = await app.ended(created.data);
    expect(Object.keys(task)).toEqual([
      'id',
      'status',
      'progress',
      'msg',
      'video_url',
      'preview_url',
      'duration',
      'create_time',
    ]);
    expect(task).toMatchObject({
      id: created.data,
      status: 20,
      progress: 100,
      msg: 'success',
      duration: 400,
    });
    expect(Math.abs(task.create_time - Date.now() / 1000)).toBeLessThan(60);
    expect(task.video_url.endsWith(`/${created.data}.mp4`)).toBe(true);
    expect(task.preview_url.endsWith(`/${created.data}.jpg`)).toBe(true);
    const movie = await fetch(task.video_url);
    expect([movie.status, movie.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    expect(
      Buffer.from(await movie.arrayBuffer())
        .subarray(4, 8)
        .toString(),
    ).toBe('ftyp');
    const cover = await fetch(task.preview_url);
    expect(cover.headers.get('content-type')).toBe('image/jpeg');
    await cover.arrayBuffer();
  });

  it('takes a text of 4000 characters for videos and for speech', async () => {
    const text = '𠀀'.repeat(4000);
    const size = { screen_width: 64, screen_height: 64 };
    const tts_config = { text, audio_man_id: EXAMPLE_VOICE_ID };
    const task = await app.call('createTask', { video_file_id: video, ...size, tts_config });
    const speech = await app.call('createSpeech', { audio_man: EXAMPLE_VOICE_ID, text: { text } });
    expect([task.code, speech.code]).toEqual([0, 0]);
    await app.call('deleteTask', { id: task.data });
  });

  it('makes a video from an audio file, with a transcript, and from a list of strings', async () => {
    const byAudio = await app.call('createTask', {
      video_file_id: video,
      audio_type: 'audio',
      audio_file_id: audio,
      transcript: '你好',
    });
    const byList = await app.call('createTask', {
      video_file_id: video,
      tts_config: { text: ['君不见'], audio_man_id: EXAMPLE_VOICE_ID },
    });
    expect((await app.ended(byAudio.data)).status).toBe(20);
    expect((await app.ended(byList.data)).status).toBe(20);
  });

  const speech = { text: 'hi', audio_man_id: EXAMPLE_VOICE_ID };

  it('lists the faces of a video, and lets one of them speak', async () => {
    const { data } = await app.call('fileDetail', { id: video });
    expect(data.picture.faces).toHaveLength(1);
    expect(data.picture.faces[0]).toEqual({ x: 60, y: 30, width: 40, height: 50 });
    const made = await app.call('createTask', {
      video_file_id: video,
      tts_config: speech,
      face: '1',
      background: '#00ff00',
    });
    expect((await app.ended(made.data)).status).toBe(20);
  });

  it.each<[object, string]>([
    [{ face: '2' }, 'face: received "2"'],
    [{ face: 'left' }, 'face: received "left"'],
    [{ background: 'blau' }, 'background: received "blau"'],
    [{ clip_start: -1 }, 'clip_start: received -1, expected a number from 0'],
    [{ clip_start: 2, clip_end: 2.5 }, 'clip_end: received 2.5, expected at least 3'],
    [{ clip_start: 500 }, 'clip_start: received 500, expected at most'],
    [{ video_file_id: 'nope' }, 'video_file_id: received "nope"'],
    [{ video_file_id: 'e284db4d95de4220afe78132158156b5' }, 'no such file'],
    [{ tts_config: { ...speech, audio_man_id: 'C-none' } }, `for example ${EXAMPLE_VOICE_ID}`],
    [{ tts_config: { ...speech, text: '😀🎉' } }, 'tts_config.text: received "😀🎉"'],
    [{ audio_type: 'audio', audio_file_id: 'nope' }, 'audio_file_id: received "nope"'],
    [{ callback: 'http://127.0.0.1:1/' }, 'CALLBACK_ALLOW'],
    [{ callback: 'http://169.254.169.254/latest' }, 'CALLBACK_ALLOW'],
    [{ volume: 101 }, 'volume: received 101'],
    [{ screen_width: 1e9 }, 'screen_width: received 1000000000'],
  ])('refuses %j', async (change, msg) => {
    const reply = await app.call('createTask', { video_file_id: video, tts_config: speech, ...change });
    expect(reply.msg).toContain(msg);
    expect(reply.code).toBe(CODE.parameter);
  });

  it('refuses a video as audio, an audio as video, and files that are not ready', async () => {
    const wrong = await app.call('createTask', { video_file_id: audio, tts_config: speech });
    expect(wrong.msg).toContain('uploaded with service lip_sync_video');
    const { data } = await app.call('createUploadUrl', { service: 'lip_sync_video', name: '1.mp4' });
    const early = await app.call('createTask', { video_file_id: data.file_id, tts_config: speech });
    expect(early).toMatchObject({ code: CODE.parameter, msg: expect.stringContaining('was not uploaded') });
  });

  it('says why a file that was refused, or is unknown, cannot be asked for or used', async () => {
    const broken = await app.upload('lip_sync_video', '1.mp4', Buffer.from('no video'));
    expect((await app.call('fileDetail', { id: broken })).data.status).toBe(98);
    const refused = await app.call('createTask', { video_file_id: broken, tts_config: speech });
    expect(refused).toMatchObject({ code: CODE.parameter, msg: expect.stringContaining('is not media') });
    for (const id of ['x', 'e284db4d95de4220afe78132158156b5', video.toUpperCase(), '']) {
      expect((await app.call('fileDetail', { id })).code).toBe(CODE.parameter);
    }
    expect((await app.call('fileDetail')).msg).toContain('id: received nothing');
  });

  it('shows an app nothing of another app', async () => {
    const { data: id } = await app.call('createTask', exampleRequest(video));
    const mine = await app.call('taskDetail', { id });
    expect(mine.code).toBe(0);
    for (const name of ['taskDetail', 'cancelTask', 'deleteTask', 'taskEvents'] as const) {
      const reply = await stranger.call(name, { id });
      expect(reply).toMatchObject({ code: CODE.parameter, msg: expect.stringContaining('no such task') });
    }
    for (const name of ['fileDetail', 'deleteFile'] as const) {
      expect((await stranger.call(name, { id: video })).msg).toContain('no such file');
    }
    expect((await stranger.call('createTask', exampleRequest(video))).msg).toContain('no such file');
    expect((await stranger.call('listTasks')).data.list).toEqual([]);
    await app.ended(id);
  });
});

describe('list', () => {
  it('lists newest first, in pages of ten', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      ids.unshift(
        (await app.call('createTask', { ...exampleRequest(video), screen_width: 64, screen_height: 64 }))
          .data,
      );
    }
    const { data } = await app.call('listTasks');
    expect(data.list.slice(0, 3).map((task: { id: string }) => task.id)).toEqual(ids);
    expect(data.page_info).toMatchObject({ page: 1, size: 10 });
    expect(data.page_info.total_page).toBe(Math.ceil(data.page_info.total_count / 10));
    const second = await app.call('listTasks', { page: 2, page_size: 2 });
    expect(second.data.list[0].id).toBe(ids[2]);
    // Their tasks may begin meanwhile.
    const idsOf = ({ data }: Reply): string[] => data.list.map((task: { id: string }) => task.id);
    expect(idsOf(await app.call('listTasks', { page: 2, size: 2 }))).toEqual(idsOf(second));
    expect((await app.call('listTasks', { page: 1_000_000 })).data.list).toEqual([]);
    for (const id of ids) await app.ended(id);
  });
});

describe('voices and speech', () => {
  it('lists voices with a sample that can be heard', async () => {
    const { data } = await app.call('listVoices', { page: 1, size: 1 });
    expect(data.page_info).toEqual({ page: 1, size: 1, total_count: 2, total_page: 2 });
    const [voice] = data.list;
    expect(Object.keys(voice)).toEqual([
      'id',
      'grade',
      'name',
      'gender',
      'lang',
      'desc',
      'speed',
      'pitch',
      'audition',
    ]);
    const sample = await fetch(voice.audition);
    expect([sample.status, sample.headers.get('content-type')]).toEqual([200, 'audio/wav']);
    expect(
      Buffer.from(await sample.arrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe('RIFF');
  });

  it('makes the samples of several voices one after the other', async () => {
    const other = await startTestServer();
    const { data } = await other.app.call('listVoices');
    const work = path.join(other.dataDir, 'work');
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, readdirSync(work).filter((name) => name.startsWith('audition-')).length);
    }, 5);
    const urls: string[] = data.list.map((voice: { audition: string }) => voice.audition);
    const samples = await Promise.all([...urls, ...urls].map((url) => fetch(url)));
    clearInterval(look);
    expect(samples.map((sample) => sample.status)).toEqual(samples.map(() => 200));
    expect(most).toBe(1);
    await other.stop();
  });

  it('reads a text aloud', async () => {
    const { data } = await app.call('createSpeech', {
      audio_man: EXAMPLE_VOICE_ID,
      speed: 1,
      pitch: 1,
      text: { text: '你好' },
    });
    let state = await app.call('speechState', { task_id: data.task_id });
    expect([1, 9]).toContain(state.data.status);
    while (state.data.status === 1) state = await app.call('speechState', { task_id: data.task_id });
    expect(state.data).toMatchObject({
      id: data.task_id,
      type: 'tts',
      status: 9,
      text: ['你好'],
      full: { duration: 1 },
      slice: null,
      errMsg: '',
      errReason: '',
      subtitles: [{ key: '1', start_time: 0, end_time: 1, subtitle: '你好' }],
    });
    expect((await fetch(state.data.full.url)).headers.get('content-type')).toBe('audio/wav');
    expect((await stranger.call('speechState', { task_id: data.task_id })).code).toBe(CODE.parameter);
  });

  it('ends a refused text as 9 with errMsg', async () => {
    const { data } = await app.call('createSpeech', { audio_man: 'en-1', text: { text: 'refuse' } });
    let state = await app.call('speechState', data);
    while (state.data.status === 1) state = await app.call('speechState', data);
    expect(state.data).toMatchObject({ status: 9, full: null, errMsg: expect.stringContaining('refused') });
  });

  it.each<[object, string]>([
    [{ text: { text: 'a' } }, 'audio_man: received nothing'],
    [{ audio_man: 'en-1' }, 'text: received nothing'],
    [{ audio_man: 'en-1', text: { text: '' } }, 'text.text: received ""'],
    [{ audio_man: 'xx', text: { text: 'a' } }, 'audio_man: received "xx"'],
    [{ audio_man: 'en-1', text: { text: 'a' }, speed: 3 }, 'speed: received 3'],
    [{ audio_man: 'en-1', text: { text: '🙂' } }, 'text.text: received'],
  ])('refuses %j', async (body, msg) => {
    const reply = await app.call('createSpeech', body);
    expect(reply.msg).toContain(msg);
    expect(reply.code).toBe(CODE.parameter);
  });
});

describe('operation', () => {
  it('serves health, readiness, metrics, the OpenAPI document and its page', async () => {
    expect((await raw('/health')).status).toBe(200);
    expect((await raw('/ready')).status).toBe(200);
    const metrics = await (await raw('/metrics')).text();
    expect(metrics).toContain('chanjing_http_request_seconds_bucket');
    expect(metrics).toContain('chanjing_open_tasks{state="pending"}');
    const document = (await (await raw('/openapi.json')).json()) as {
      openapi: string;
      info: { version: string };
    };
    expect(document.openapi).toBe('3.1.0');
    const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
    expect(document.info.version).toBe(version);
    const port = await freePort();
    const apart = await startTestServer({ 'metrics-address': `127.0.0.1:${port}` });
    expect((await fetch(`${apart.url}/metrics`)).status).toBe(404);
    const elsewhere = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(elsewhere).toContain('chanjing_open_tasks');
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(404);
    await apart.stop();
    const page = await (await raw('/docs')).text();
    expect(page).toContain('/open/v1/video_lip_sync/create');
    expect(page).toContain('audio_man_id');
  });
});
