import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CLOUD_URL } from '../client.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const expandHome = (path: string): string =>
  path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;

/** `CHANJING_OPENAPI_CREDENTIALS_DIR`, else the legacy `CHANJING_CONFIG_DIR`, else `~/.chanjing`. Empty is unset. */
export const credentialsDirectory = (environment: Environment = process.env): string =>
  resolve(
    expandHome(
      environment.CHANJING_OPENAPI_CREDENTIALS_DIR ||
        environment.CHANJING_CONFIG_DIR ||
        join(homedir(), '.chanjing'),
    ),
  );

/** `CHANJING_OPENAPI_BASE_URL`, else the legacy `CHANJING_API_BASE`, else the vendor's cloud. Empty is unset. */
export const baseUrlOf = (environment: Environment = process.env): string =>
  (environment.CHANJING_OPENAPI_BASE_URL || environment.CHANJING_API_BASE || CLOUD_URL).replace(/\/+$/, '');
