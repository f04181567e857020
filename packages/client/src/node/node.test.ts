import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Peer } from '@chanjing-avatar/test-peer';
import { FILE_ID, startPeer, TASK_ID, VIDEO } from '@chanjing-avatar/test-peer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  baseUrlOf,
  CredentialsFileError,
  CredentialsMissingError,
  createClient,
  credentialsDirectory,
  findCredentials,
  removeCredentials,
  SourceFileError,
  saveCredentials,
  saveTo,
} from './index.js';

const TOKEN = 'POST /open/v1/access_token';

let peer: Peer;
let dir: string;
let environment: Record<string, string>;

beforeEach(async () => {
  peer = await startPeer();
  dir = join(await mkdtemp(join(tmpdir(), 'chanjing-')), 'credentials');
  environment = { CHANJING_OPENAPI_BASE_URL: peer.url, CHANJING_OPENAPI_CREDENTIALS_DIR: dir };
});

afterEach(async () => {
  await peer.close();
  await rm(join(dir, '..'), { recursive: true, force: true });
});

const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
const stored = async (): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(dir, 'credentials.json'), 'utf8'));

describe('environment', () => {
  it('prefers the new names, then the legacy ones; empty is unset; slashes and ~ are handled', () => {
    const legacy = { CHANJING_API_BASE: 'http://old/', CHANJING_CONFIG_DIR: '/old' };
    expect(baseUrlOf({ ...legacy, CHANJING_OPENAPI_BASE_URL: 'http://new//' })).toBe('http://new');
    expect(baseUrlOf({ ...legacy, CHANJING_OPENAPI_BASE_URL: '' })).toBe('http://old');
    expect(baseUrlOf({})).toBe('https://open-api.chanjing.cc');
    expect(credentialsDirectory({ ...legacy, CHANJING_OPENAPI_CREDENTIALS_DIR: '' })).toBe('/old');
    expect(credentialsDirectory({ CHANJING_OPENAPI_CREDENTIALS_DIR: '~/x' })).toMatch(/^\/.*\/x$/);
    expect(credentialsDirectory({})).toMatch(/\/\.chanjing$/);
    for (const address of ['localhost:8080', '127.0.0.1:8080', 'http:/x', 'nonsense']) {
      const wrong = { ...environment, CHANJING_OPENAPI_BASE_URL: address };
      expect(() => createClient({ environment: wrong, accessToken: 'x' })).toThrow(`base URL is ${address}`);
    }
  });
});

describe('credentials file', () => {
  it('is made private, keeps unknown keys, and gets the token', async () => {
    await saveCredentials(peer.keys, environment);
    await writeFile(join(dir, 'credentials.json'), JSON.stringify({ ...(await stored()), note: 'mine' }));
    const token = await createClient({ environment }).token();
    expect(await stored()).toEqual({
      app_id: peer.keys.appId,
      secret_key: peer.keys.secretKey,
      note: 'mine',
      access_token: token,
      expire_in: expect.any(Number),
    });
    expect(await mode(dir)).toBe('700');
    expect(await mode(join(dir, 'credentials.json'))).toBe('600');
    expect(await readdir(dir)).toEqual(['credentials.json']);
    expect(await removeCredentials(environment)).toBe(join(dir, 'credentials.json'));
    expect(await stored()).toEqual({ note: 'mine' });
  });

  it('serves a token until 300 s before its end', async () => {
    const now = Date.now() / 1000;
    await saveCredentials(peer.keys, environment);
    const withToken = async (seconds: number): Promise<string> => {
      const content = { ...(await stored()), access_token: 'kept', expire_in: Math.floor(now + seconds) };
      await writeFile(join(dir, 'credentials.json'), JSON.stringify(content));
      return createClient({ environment }).token();
    };
    expect(await withToken(330)).toBe('kept');
    expect(await withToken(290)).not.toBe('kept');
  });

  it('drops the token when other keys are saved', async () => {
    await saveCredentials(peer.keys, environment);
    await createClient({ environment }).token();
    await saveCredentials(peer.keys, environment);
    expect(await stored()).toHaveProperty('access_token');
    await saveCredentials({ appId: 'other', secretKey: 'other' }, environment);
    expect(await stored()).toEqual({ app_id: 'other', secret_key: 'other' });
  });

  it('says what is wrong with it, and never what is in it', async () => {
    expect(() => createClient({ environment })).toThrow(CredentialsMissingError);
    await saveCredentials(peer.keys, environment);
    await writeFile(join(dir, 'credentials.json'), '{"secret_key": "geheim');
    expect(() => createClient({ environment })).toThrow(CredentialsFileError);
    expect(() => createClient({ environment })).not.toThrow(/geheim/);
    await writeFile(join(dir, 'credentials.json'), '[]');
    expect(() => createClient({ environment })).toThrow(CredentialsFileError);
  });

  it('says why it cannot be written', async () => {
    await mkdir(join(dir, 'credentials.json'), { recursive: true });
    const error = await saveCredentials(peer.keys, environment).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CredentialsFileError);
    expect(String(error)).toContain(join(dir, 'credentials.json'));
    expect(await readdir(dir)).toEqual(['credentials.json']);
    await rm(dir, { recursive: true });
    await writeFile(dir, 'a file in place of the directory');
    await expect(saveCredentials(peer.keys, environment)).rejects.toThrow(CredentialsFileError);
    expect(() => createClient({ environment })).toThrow(CredentialsFileError);
  });

  it('is used by other users only as far as they may', async () => {
    await saveCredentials(peer.keys, environment);
    for (const path of [join(dir, '..'), dir]) await chmod(path, 0o755);
    const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    if (!('uid' in other)) await chmod(join(dir, 'credentials.json'), 0);
    const output = await runProgram('createClient();', other).catch(String);
    expect(output).toMatch(/CredentialsFileError: .*credentials\.json cannot be read: EACCES/);
    expect(output).not.toContain(peer.keys.secretKey);
  });

  it('lets a caller go that does not want to wait for the token of another', async () => {
    await saveCredentials(peer.keys, environment);
    peer.script(TOKEN, 'hang');
    const client = createClient({ environment, timeoutMs: 3000, maxRetries: 0 });
    const patient = client.token().catch((error: unknown) => error);
    const signal = AbortSignal.timeout(100);
    await expect(client.lipSync.retrieve(TASK_ID, { signal })).rejects.toThrow(/abort/i);
    expect(await Promise.race([patient, 'still waiting'])).toBe('still waiting');
    await patient;
  });

  it('comes after keys in the environment, whose token is kept apart', async () => {
    await saveCredentials({ appId: 'other', secretKey: 'other' }, environment);
    const keyed = {
      ...environment,
      CHANJING_APP_ID: peer.keys.appId,
      CHANJING_SECRET_KEY: peer.keys.secretKey,
    };
    expect(findCredentials(keyed).source).toBe('environment');
    const first = await createClient({ environment: keyed }).token();
    expect(await createClient({ environment: keyed }).token()).toBe(first);
    expect(await stored()).toEqual({ app_id: 'other', secret_key: 'other' });
    expect(peer.seen(TOKEN)).toHaveLength(1);
    const [kept] = await readdir(join(dir, 'tokens'));
    expect(await mode(join(dir, 'tokens', kept!))).toBe('600');
    await writeFile(join(dir, 'tokens', kept!), '{"broken');
    expect(await createClient({ environment: keyed }).token()).toBe(peer.token);
    expect(await createClient({ environment: keyed }).token()).toBe(peer.token);
    expect(peer.seen(TOKEN)).toHaveLength(2);
  });
});

const ASK = `
  const task = await createClient().lipSync.retrieve('${TASK_ID}');
  process.stdout.write(String(task.status));
`;

/** Starts code with `createClient` in another process. */
const startProgram = (
  code: string,
  user: { uid?: number; gid?: number } = {},
): ChildProcessByStdio<null, Readable, Readable> => {
  const index = JSON.stringify(new URL('./index.js', import.meta.url).href);
  const program = `import { createClient } from ${index};\n${code}`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
};

/** Runs code with `createClient` in another process, and gives what it prints. */
const runProgram = (...program: Parameters<typeof startProgram>): Promise<string> =>
  new Promise((resolve) => {
    const child = startProgram(...program);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('close', () => resolve(output));
  });

describe('several processes', () => {
  const expire = async (): Promise<void> => {
    const content = { ...(await stored()), access_token: 'over', expire_in: 1000 };
    await writeFile(join(dir, 'credentials.json'), JSON.stringify(content));
  };

  it('that start together with an expired token make one token request', async () => {
    await saveCredentials(peer.keys, environment);
    await expire();
    expect(await Promise.all([1, 2, 3].map(() => runProgram(ASK)))).toEqual(['20', '20', '20']);
    expect(peer.seen(TOKEN)).toHaveLength(1);
  });

  it('refresh once a token that somebody else replaced', async () => {
    await saveCredentials(peer.keys, environment);
    await createClient({ environment }).token();
    peer.token = 'somebody-elses';
    expect(await Promise.all([1, 2].map(() => runProgram(ASK)))).toEqual(['20', '20']);
    expect(peer.seen(TOKEN)).toHaveLength(2);
  });

  const lock = (): string => join(dir, 'credentials.json.lock');

  it('take over the lock of one that was killed', async () => {
    await saveCredentials(peer.keys, environment);
    peer.script(TOKEN, 'hang');
    const holder = startProgram(ASK);
    while (peer.seen(TOKEN).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    holder.kill('SIGKILL');
    await new Promise((resolve) => holder.once('exit', resolve));
    expect(await readdir(dir)).toContain('credentials.json.lock');
    expect(await createClient({ environment }).token()).toBe(peer.token);
    expect(await readdir(dir)).toEqual(['credentials.json']);
  });

  it('take over the lock of another machine that fell silent', async () => {
    await saveCredentials(peer.keys, environment);
    await writeFile(lock(), '1 elsewhere');
    expect(await createClient({ environment }).token()).toBe(peer.token);
    expect(await readdir(dir)).toEqual(['credentials.json']);
  });

  it('leave the lock to one whose clock is wrong', async () => {
    await saveCredentials(peer.keys, environment);
    await writeFile(lock(), '1 elsewhere');
    const touch = setInterval(() => {
      const theirs = new Date(Date.now() - 3_600_000);
      utimes(lock(), theirs, theirs).catch(() => {});
    }, 100);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const signal = AbortSignal.timeout(1500);
    const call = createClient({ environment }).lipSync.retrieve(TASK_ID, { signal });
    await expect(call).rejects.toThrow(/abort/i);
    clearInterval(touch);
    expect(peer.seen(TOKEN)).toEqual([]);
    expect(await readFile(lock(), 'utf8')).toBe('1 elsewhere');
  });

  it('leave the lock that somebody took meanwhile', async () => {
    await saveCredentials(peer.keys, environment);
    peer.script(TOKEN, () => {
      writeFileSync(lock(), 'of somebody who thought us dead');
      return { data: { access_token: 'fresh', expire_in: Math.floor(Date.now() / 1000) + 3600 } };
    });
    expect(await createClient({ environment }).token()).toBe('fresh');
    expect(await readFile(lock(), 'utf8')).toBe('of somebody who thought us dead');
  });
});

describe('files', () => {
  it('are streamed from a path, with their length', async () => {
    await saveCredentials(peer.keys, environment);
    const path = join(dir, '1 一.mp4');
    await writeFile(path, Buffer.alloc(300_000, 7));
    const client = createClient({ environment });
    expect(await client.files.upload(path)).toBe(FILE_ID);
    const put = peer.seen('PUT /upload')[0]!;
    expect(put.headers['content-length']).toBe('300000');
    expect(put.body.equals(Buffer.alloc(300_000, 7))).toBe(true);
    await writeFile(path, '');
    await expect(client.files.upload(path)).rejects.toThrow(SourceFileError);
    await expect(client.files.upload(join(dir, 'none.mp4'))).rejects.toThrow(SourceFileError);
  });

  it('of any size go through a little memory', async () => {
    const bytes = 400 * 2 ** 20;
    let received = 0;
    const storage = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve));
    const sign_url = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/`;
    peer.script('GET /open/v1/common/create_upload_url', {
      data: { sign_url, mime_type: 'video/mp4', file_id: FILE_ID },
    });
    await saveCredentials(peer.keys, environment);
    const path = join(dir, 'large.mp4');
    await writeFile(path, '');
    await truncate(path, bytes);
    const output = await runProgram(`
      await createClient().files.upload(${JSON.stringify(path)}, { onProgress: () => {} });
      process.stdout.write(String(process.resourceUsage().maxRSS / 1024));`);
    storage.close();
    expect(received).toBe(bytes);
    expect(Number(output)).toBeLessThan(250);
  });

  it('are saved whole or not at all', async () => {
    await saveCredentials(peer.keys, environment);
    const client = createClient({ environment });
    const path = join(dir, 'out', 'video.mp4');
    await saveTo(await client.download(`${peer.url}/result/video.mp4`), path);
    expect(await readFile(path)).toEqual(VIDEO);
    const broken = new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(10)),
        pull: (controller) => controller.error(new TypeError('terminated')),
      }),
    );
    await expect(saveTo(broken, join(dir, 'out', 'b.mp4'))).rejects.toThrow('broke off');
    const stop = new AbortController();
    const endless = new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(10)),
        pull: () => new Promise(() => stop.abort(new Error('enough'))),
      }),
    );
    await expect(saveTo(endless, join(dir, 'out', 'c.mp4'), stop.signal)).rejects.toThrow('enough');
    expect(await readdir(join(dir, 'out'))).toEqual(['video.mp4']);
  });
});
