import { ServerError } from './errors/server-error.js';
import type { Settings } from './settings.js';

/** Settings that only mean something with a bucket. */
const NEED_BUCKET = {
  S3_ENDPOINT: 's3Endpoint',
  S3_REGION: 's3Region',
  S3_PREFIX: 's3Prefix',
  S3_ACCESS_KEY_ID: 's3AccessKeyId',
  S3_SECRET_ACCESS_KEY: 's3SecretAccessKey',
  S3_PUBLIC_ENDPOINT: 's3PublicEndpoint',
  RESULTS_URL: 'resultsUrl',
} as const;

const EXPECTED =
  'Processes on several machines share a PostgreSQL (DATABASE_URL) and a bucket of S3 (S3_BUCKET with S3_ENDPOINT or S3_REGION).';

const half = (wrong: string, remedy: string): ServerError =>
  new ServerError('half-configuration', { wrong, expected: EXPECTED, remedy });

/**
 * Whether this process shares database and storage with others. Throws {@link ServerError} for half a configuration:
 * what is missing would otherwise be made here, and found by nobody else.
 */
export const isShared = (settings: Settings): boolean => {
  const { role, databaseUrl, s3Bucket, s3Endpoint, s3Region, s3AccessKeyId, s3SecretAccessKey } = settings;
  if (s3Bucket === '') {
    const alone = Object.entries(NEED_BUCKET).find(([, name]) => settings[name] !== '');
    if (alone)
      throw half(`${alone[0]} is set, but S3_BUCKET is not.`, `Set S3_BUCKET, or leave ${alone[0]} out.`);
    if (role === 'all') return false;
    throw half(`A process with the role ${role} has no S3_BUCKET.`, 'Set it, or use --role all.');
  }
  if (databaseUrl === '')
    throw half('S3_BUCKET is set, but DATABASE_URL is not.', 'Set DATABASE_URL, or leave S3 out.');
  if (s3Endpoint === '' && s3Region === '') {
    throw half(
      'S3_BUCKET is set, but neither S3_ENDPOINT nor S3_REGION.',
      "Set S3_ENDPOINT, or for Amazon's own S3_REGION.",
    );
  }
  if ((s3AccessKeyId === '') !== (s3SecretAccessKey === '')) {
    const [given, missing] = s3AccessKeyId
      ? ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']
      : ['S3_SECRET_ACCESS_KEY', 'S3_ACCESS_KEY_ID'];
    throw half(
      `${given} is set, but ${missing} is not.`,
      `Set ${missing}, or none of the two to use AWS_* and roles.`,
    );
  }
  return true;
};
