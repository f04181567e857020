import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ServerError } from '../errors/server-error.js';
import type { Settings } from '../settings.js';
import { StorageAwayError } from './storage.js';

/** A bucket, and what the names of all objects of this server begin with. */
export type Bucket = {
  readonly name: string;
  readonly prefix: string;
  /** For the work of this process. */
  readonly client: S3Client;
  /** Signs URLs for callers, who may know S3 by another address. */
  readonly signing: S3Client;
};

// Its version is pinned: on which Node later ones run concerns whoever raises it, not the operator at each start.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** A connection on which nothing moves for this long is as good as cut. */
const SILENCE_MS = 60_000;
const CONNECT_MS = 5000;

const clientOf = (settings: Settings, endpoint: string): S3Client => {
  const { s3Region, s3PathStyle, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = settings;
  const region = s3Region || (endpoint ? 'us-east-1' : '');
  return new S3Client({
    ...(endpoint ? { endpoint } : {}),
    // Otherwise the usual chain of Amazon's tools.
    ...(region ? { region } : {}),
    ...(accessKeyId ? { credentials: { accessKeyId, secretAccessKey } } : {}),
    forcePathStyle: s3PathStyle,
    // Swift and older Ceph refuse the checksums that are Amazon's default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      httpAgent: {},
      httpsAgent: {},
    },
  });
};

type SdkError = { name?: string; code?: string; message?: string; $metadata?: { httpStatusCode?: number } };

const AWAY =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|TimeoutError|NetworkingError|RequestTimeout|SlowDown)$/;

export const statusOf = (error: unknown): number | undefined => (error as SdkError).$metadata?.httpStatusCode;

const isAway = (error: unknown): boolean => {
  const { name = '', code = '', message = '' } = error as SdkError;
  const status = statusOf(error) ?? 0;
  return (
    status >= 500 ||
    status === 429 ||
    AWAY.test(name) ||
    AWAY.test(code) ||
    /^(aborted|socket hang up)/.test(message)
  );
};

/** Names what went wrong with S3: {@link StorageAwayError} when the same may succeed in a moment. */
export const nameFailure = (error: unknown): unknown => (isAway(error) ? new StorageAwayError(error) : error);

/** One call of S3. Throws {@link StorageAwayError}. */
export const call = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw nameFailure(error);
  }
};

/** One call that looks for something: undefined when it is not there. */
export const find = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
  try {
    return await call(work);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
};

const refusalOf = ({ s3Bucket, s3Endpoint }: Settings, error: unknown): string => {
  const place = s3Endpoint || "Amazon's S3";
  const status = statusOf(error);
  if (status === 404) return `There is no bucket ${s3Bucket} for this key at ${place}.`;
  if (status === 403) return `${place} does not let this key into the bucket ${s3Bucket}.`;
  return `${place} does not answer as S3: ${(error as Error).message || (error as Error).name}.`;
};

/** Finds the bucket. Throws {@link ServerError} when it cannot be reached. */
export const openBucket = async (settings: Settings): Promise<Bucket> => {
  const { s3Bucket: name, s3Prefix: prefix, s3Endpoint, s3PublicEndpoint } = settings;
  const client = clientOf(settings, s3Endpoint);
  try {
    await client.send(new HeadBucketCommand({ Bucket: name }));
  } catch (error) {
    throw new ServerError(
      's3-unreachable',
      {
        wrong: refusalOf(settings, error),
        expected: 'Expected a bucket that exists, and a key that may read, write, list and delete in it.',
        remedy: 'Check S3_ENDPOINT, S3_BUCKET, S3_REGION and the keys, and that S3 runs.',
      },
      error,
    );
  }
  const signing = s3PublicEndpoint ? clientOf(settings, s3PublicEndpoint) : client;
  return { name, prefix, client, signing };
};
