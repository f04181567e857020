import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { lockDataDirectory } from './database/instance-lock.js';
import { withApps } from './manage-apps.js';
import { startTestServer } from './testing/test-server.js';

const directories: string[] = [];
const newDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-apps-'));
  directories.push(directory);
  return directory;
};
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

it('finds a running server that was started with another temporary directory', async () => {
  const server = await startTestServer();
  try {
    vi.stubEnv('TMPDIR', await newDirectory());
    expect(await withApps(server.settings, (apps) => apps.list())).toMatchObject([{ name: 'default' }]);
  } finally {
    vi.unstubAllEnvs();
    await server.stop();
  }
});

it('says what to do when the database of a running server cannot be reached', async () => {
  const dataDir = await newDirectory();
  const lock = await lockDataDirectory(dataDir);
  const listing = withApps({ dataDir, databaseUrl: '' }, (apps) => apps.list());
  await expect(listing).rejects.toThrow(
    /^A server uses .* cannot be reached: .*\. Expected a server .*\. Try again/,
  );
  await lock.release();
});

it('says what to do when a database of the operator cannot be reached', async () => {
  const databaseUrl = 'postgresql://me:s3cret@127.0.0.1:1/x';
  const listing = withApps({ dataDir: await newDirectory(), databaseUrl }, (apps) => apps.list());
  const error = await listing.catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(
    /DATABASE_URL cannot be reached: .*ECONNREFUSED.* Expected .* Check DATABASE_URL/,
  );
  expect(String(error)).not.toContain('s3cret');
});
