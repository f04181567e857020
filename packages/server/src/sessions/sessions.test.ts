// Signing in to the console beside programs that use the same app.
import { CODE } from '@chanjing-avatar/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import { type Reply, sqlIn, startTestServer, type TestServer, testApp } from '../testing/test-server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ 'wrong-pairs-per-minute': '5' });
});
afterAll(() => server?.stop());

const signIn = (request: object): Promise<Reply> =>
  testApp(() => server.url, '').call('createSession', request);

const works = async (token: string): Promise<boolean> =>
  (await testApp(() => server.url, token).call('listTasks')).code === 0;

const codeOf = (link: string): string => /#\/sign-in\?code=(\w+)$/.exec(link)![1]!;

const newCode = async (appId = server.credentials.app_id): Promise<string> =>
  codeOf(await withApps(server.settings, (apps) => apps.signInLink(appId, server.url)));

it('signs in by a link once, beside the token of the app, until it signs out', async () => {
  const code = await newCode();
  const { data } = await signIn({ code });
  expect(data).toMatchObject({ app_id: server.credentials.app_id, app_name: 'default' });
  expect(data.expire_in).toBeGreaterThan(Date.now() / 1000 + 3600);
  expect([await works(data.access_token), await works(server.app.token)]).toEqual([true, true]);
  const again = await signIn({ code });
  expect(again).toMatchObject({ code: CODE.parameter, msg: expect.stringContaining('used already') });
  expect((await testApp(() => server.url, data.access_token).call('endSession')).code).toBe(0);
  expect([await works(data.access_token), await works(server.app.token)]).toEqual([false, true]);
});

it('signs in with the keys of the app, several people at once', async () => {
  const [one, two] = [await signIn(server.credentials), await signIn(server.credentials)];
  expect(await works(one.data.access_token)).toBe(true);
  expect(await works(two.data.access_token)).toBe(true);
  expect(await works(server.app.token)).toBe(true);
});

it('keeps nothing of codes and tokens but their hashes, and ends both in time', async () => {
  const code = await newCode();
  const { data } = await signIn(server.credentials);
  const { rows } = await sqlIn(
    server.dataDir,
    'select token_hash as hash from session union all select code_hash from sign_in_code',
  );
  expect(rows.map(({ hash }) => hash)).not.toContain(code);
  for (const { hash } of rows) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  await sqlIn(server.dataDir, "update session set expires_at = now() - interval '1 second'");
  await sqlIn(server.dataDir, "update sign_in_code set expires_at = now() - interval '1 second'");
  expect(await works(data.access_token)).toBe(false);
  expect((await signIn({ code })).code).toBe(CODE.parameter);
});

it('ends the sessions and links of an app with its secret key', async () => {
  const made = await withApps(server.settings, (apps) => apps.create('rotated'));
  const { data } = await signIn({ app_id: made.id, secret_key: made.secretKey });
  const code = await newCode(made.id);
  await withApps(server.settings, (apps) => apps.rotate(made.id));
  expect(await works(data.access_token)).toBe(false);
  expect((await signIn({ code })).code).toBe(CODE.parameter);
});

it('bounds wrong codes per address, repeats no secret, and never locks out who has the right one', async () => {
  await sqlIn(server.dataDir, 'delete from recent_call');
  const answers: number[] = [];
  for (let n = 0; n < 7; n += 1) answers.push((await signIn({ code: `wrong-${n}` })).code);
  expect(answers.slice(0, 5)).toEqual(Array(5).fill(CODE.parameter));
  expect(answers.slice(5)).toEqual([CODE.rateLimited, CODE.rateLimited]);
  expect((await signIn({ code: await newCode() })).code).toBe(0);
  const { msg } = await signIn({ secret_key: 'my-secret' });
  expect(msg).toContain('the code of a sign-in link');
  expect(msg).not.toContain('my-secret');
});
