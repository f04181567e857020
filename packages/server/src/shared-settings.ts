import { anyText, type DefinitionsOf, urlOrNone, yesOrNo } from './setting-values.js';

/** What a process does: answer calls, do the work that they ask for, or both. */
export type Role = 'all' | 'api' | 'worker';

/** Settings of processes that share a database and S3. */
export type SharedSettings = {
  /** Other than `all` only where processes share a database and S3. */
  role: Role;
  /** S3 that several processes share; empty for Amazon's own of the region. */
  s3Endpoint: string;
  /** Empty where uploads and results are in the data directory. */
  s3Bucket: string;
  s3Region: string;
  /** What the name of every object begins with. */
  s3Prefix: string;
  /** Whether the bucket is in the path of URLs, not in their host. */
  s3PathStyle: boolean;
  /** Both empty for the usual chain of Amazon's tools: AWS_* variables, shared files, roles of the machine. */
  s3AccessKeyId: string;
  s3SecretAccessKey: string;
  /** S3 as callers reach it, for the URLs that are signed for them; empty for the endpoint itself. */
  s3PublicEndpoint: string;
  /** Where anybody may read results, such as a CDN before the bucket; empty for signed URLs. */
  resultsUrl: string;
};

export const SHARED_DEFINITIONS: DefinitionsOf<SharedSettings> = {
  role: {
    flag: 'role',
    env: 'ROLE',
    fallback: 'all',
    read: (text) => (['all', 'api', 'worker'] as const).find((role) => role === text),
    expected: 'all, api or worker',
    about: 'what this process does: all, or one part beside others that share database and S3',
  },
  s3Endpoint: {
    flag: 's3-endpoint',
    env: 'S3_ENDPOINT',
    fallback: '',
    ...urlOrNone,
    about: "S3 for uploads and results of many machines; empty for Amazon's own",
  },
  s3Bucket: {
    flag: 's3-bucket',
    env: 'S3_BUCKET',
    fallback: '',
    read: (text) => (text === '' || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) ? text : undefined),
    expected: 'the name of a bucket: 3 to 63 of a-z 0-9 . -',
    about: 'bucket for uploads and results; empty keeps them in the data directory',
  },
  s3Region: {
    flag: 's3-region',
    env: 'S3_REGION',
    fallback: '',
    ...anyText,
    about: 'region of the bucket; else us-east-1 where there is an endpoint',
  },
  s3Prefix: {
    flag: 's3-prefix',
    env: 'S3_PREFIX',
    fallback: '',
    read: (text) => {
      if (!/^[A-Za-z0-9._/-]*$/.test(text)) return undefined;
      const inner = text.replace(/^\/+|\/+$/g, '');
      return inner === '' ? '' : `${inner}/`;
    },
    expected: 'letters, digits and . _ - /',
    about: 'beginning of every name in the bucket',
  },
  s3PathStyle: {
    flag: 's3-path-style',
    env: 'S3_PATH_STYLE',
    fallback: true,
    ...yesOrNo,
    about: 'the bucket is in the path of URLs; false for bucket.host, as Amazon wishes',
  },
  s3AccessKeyId: {
    flag: 's3-access-key-id',
    env: 'S3_ACCESS_KEY_ID',
    fallback: '',
    ...anyText,
    about: 'access key for S3; else AWS_ACCESS_KEY_ID, shared files or the role of the machine',
  },
  s3SecretAccessKey: {
    flag: 's3-secret-access-key',
    env: 'S3_SECRET_ACCESS_KEY',
    fallback: '',
    ...anyText,
    about: 'its secret; rather as a variable, flags can be seen by others',
  },
  s3PublicEndpoint: {
    flag: 's3-public-endpoint',
    env: 'S3_PUBLIC_ENDPOINT',
    fallback: '',
    ...urlOrNone,
    about: 'S3 as callers reach it, when that is not its endpoint',
  },
  resultsUrl: {
    flag: 'results-url',
    env: 'RESULTS_URL',
    fallback: '',
    ...urlOrNone,
    about: 'where anybody may read results of the bucket, such as a CDN; else URLs are signed',
  },
};
