import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { AppSecrets } from '../apps/apps.js';

/** A program of this folder that runs beside the test. */
export type Running = {
  readonly child: ChildProcess;
  /** The first line that it wrote. */
  readonly said: string;
  /** Asks it to end and waits. */
  stop(): Promise<void>;
};

/** Starts a program of this folder and waits until it says something. */
export const startProgram = async (name: string, ...args: string[]): Promise<Running> => {
  const program = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  // The channel tells it when the test is gone.
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const exit = once(child, 'exit');
  const early = exit.then(() => {
    throw new Error(`${name} ended before it was ready`);
  });
  const [said] = (await Promise.race([once(createInterface({ input: child.stdout! }), 'line'), early])) as [
    string,
  ];
  early.catch(() => {});
  return {
    child,
    said,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exit;
    },
  };
};

const freePort = async (): Promise<number> => {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
};

/** A database and an S3 for processes that share them. */
export type SharedParts = {
  /** Settings of every process that shares them. */
  readonly flags: Record<string, string>;
  stop(): Promise<void>;
};

export type S3 = { readonly flags: Record<string, string>; stop(): Promise<void> };

const flagsOfS3 = (endpoint: string, bucket: string, id: string, secret: string): Record<string, string> => ({
  's3-endpoint': endpoint,
  's3-bucket': bucket,
  's3-access-key-id': id,
  's3-secret-access-key': secret,
});

/** The S3 that the environment names; its keys are in S3_TEST_ACCESS_KEY_ID and S3_TEST_SECRET_ACCESS_KEY. */
const bucketOf = async (endpoint: string): Promise<S3> => {
  const { S3_TEST_ACCESS_KEY_ID: accessKeyId = '', S3_TEST_SECRET_ACCESS_KEY: secretAccessKey = '' } =
    process.env;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  const bucket = `test-${Date.now().toString(36)}-${process.pid}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  return { flags: flagsOfS3(endpoint, bucket, accessKeyId, secretAccessKey), stop: async () => {} };
};

/** The S3 that S3_TEST_ENDPOINT names, else one from npm. */
export const startS3 = async (directory: string): Promise<S3> => {
  const endpoint = process.env.S3_TEST_ENDPOINT;
  if (endpoint) return bucketOf(endpoint);
  const port = await freePort();
  const { stop } = await startProgram(
    's3-process',
    path.join(directory, 's3'),
    '127.0.0.1',
    String(port),
    'avatar',
  );
  return { flags: flagsOfS3(`http://127.0.0.1:${port}`, 'avatar', 'S3RVER', 'S3RVER'), stop };
};

/** A PostgreSQL that is reached over TCP. */
export const startPostgres = async (
  directory: string,
): Promise<Running & { readonly databaseUrl: string }> => {
  const port = await freePort();
  const home = path.join(directory, 'postgres');
  const running = await startProgram('postgres-process', home, '127.0.0.1', String(port));
  return { ...running, databaseUrl: `postgresql://postgres@127.0.0.1:${port}/postgres` };
};

export const startSharedParts = async (): Promise<SharedParts> => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'chanjing-shared-'));
  const [database, s3] = await Promise.all([startPostgres(directory), startS3(directory)]);
  return {
    flags: { 'database-url': database.databaseUrl, ...s3.flags, 's3-prefix': 'test' },
    stop: async () => {
      await Promise.all([database.stop(), s3.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** A server in a process of its own. */
export type ServerProcess = Running & { readonly url: string; readonly firstApp: AppSecrets | undefined };

export const startServerProcess = async (
  flags: Readonly<Record<string, string>>,
  program: string,
): Promise<ServerProcess> => {
  const running = await startProgram('serve-process', JSON.stringify(flags), program);
  return { ...running, ...(JSON.parse(running.said) as { url: string; firstApp: AppSecrets | undefined }) };
};
