import { expect, it } from 'vitest';
import { readSettings } from './read-settings.js';
import { isShared } from './shared-mode.js';

const shared = (environment: Record<string, string>): boolean =>
  isShared(readSettings({}, environment).settings);

const WHOLE = { DATABASE_URL: 'postgresql://db/avatar', S3_ENDPOINT: 'http://s3:9000', S3_BUCKET: 'avatar' };

it.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ DATABASE_URL: WHOLE.DATABASE_URL }, false],
  [WHOLE, true],
  [{ ...WHOLE, ROLE: 'api' }, true],
  [{ ...WHOLE, S3_ENDPOINT: '', S3_REGION: 'eu-central-1', ROLE: 'worker' }, true],
])('with %j processes share: %s', (environment, expected) => {
  expect(shared(environment)).toBe(expected);
});

it.each<[Record<string, string>, RegExp]>([
  [{ ROLE: 'api' }, /role api has no S3_BUCKET\..*DATABASE_URL.*use --role all/],
  [{ ROLE: 'worker', DATABASE_URL: WHOLE.DATABASE_URL }, /role worker has no S3_BUCKET/],
  [{ S3_ENDPOINT: WHOLE.S3_ENDPOINT }, /S3_ENDPOINT is set, but S3_BUCKET is not\./],
  [{ RESULTS_URL: 'https://cdn' }, /RESULTS_URL is set, but S3_BUCKET is not\./],
  [{ ...WHOLE, DATABASE_URL: '' }, /S3_BUCKET is set, but DATABASE_URL is not\./],
  [{ ...WHOLE, S3_ENDPOINT: '' }, /neither S3_ENDPOINT nor S3_REGION/],
  [{ ...WHOLE, S3_ACCESS_KEY_ID: 'a' }, /S3_ACCESS_KEY_ID is set, but S3_SECRET_ACCESS_KEY is not/],
  [{ ...WHOLE, S3_SECRET_ACCESS_KEY: 'a' }, /S3_SECRET_ACCESS_KEY is set, but S3_ACCESS_KEY_ID is not/],
])('refuses the half configuration %j', (environment, message) => {
  expect(() => shared(environment)).toThrow(message);
});
