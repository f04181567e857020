import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { KeyPair, TokenStore } from '../token/token-source.js';
import { CredentialsMissingError } from './credentials-missing-error.js';
import type { Environment } from './environment.js';
import { baseUrlOf, credentialsDirectory } from './environment.js';
import { fileStore } from './file-store.js';
import type { JsonObject } from './json-file.js';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { withLockFile } from './lock-file.js';

/** Where keys were found: the environment, our credentials file, or the file of the vendor's Python SDK. */
export type CredentialsSource = 'environment' | 'credentials file' | 'vendor SDK file';

export type FoundCredentials = {
  readonly keys: KeyPair;
  readonly source: CredentialsSource;
  readonly tokenStore: TokenStore;
};

export const credentialsPath = (environment: Environment = process.env): string =>
  join(credentialsDirectory(environment), 'credentials.json');

const pairIn = (content: JsonObject | undefined): KeyPair | undefined => {
  const { app_id: appId, secret_key: secretKey } = content ?? {};
  return typeof appId === 'string' && typeof secretKey === 'string' && appId && secretKey
    ? { appId, secretKey }
    : undefined;
};

const environmentPair = (environment: Environment): KeyPair | undefined =>
  pairIn({ app_id: environment.CHANJING_APP_ID, secret_key: environment.CHANJING_SECRET_KEY });

const vendorPair = (): KeyPair | undefined => {
  try {
    return pairIn(readJsonFile(join(homedir(), '.chanjing', 'config.json')));
  } catch {
    // Another program's file: broken is as good as missing.
    return undefined;
  }
};

/** Tokens of pairs that are not in our credentials file go into files of their own beside it. */
const ownTokenFile = (environment: Environment, { appId }: KeyPair): TokenStore => {
  const name = createHash('sha256')
    .update(`${baseUrlOf(environment)}\n${appId}`)
    .digest('hex')
    .slice(0, 32);
  return fileStore(join(credentialsDirectory(environment), 'tokens', `${name}.json`), appId);
};

/**
 * The keys to use: `CHANJING_APP_ID` and `CHANJING_SECRET_KEY`, else `credentials.json`, else the vendor SDK's
 * `~/.chanjing/config.json` (never written). Throws CredentialsMissingError, CredentialsFileError.
 */
export const findCredentials = (environment: Environment = process.env): FoundCredentials => {
  const path = credentialsPath(environment);
  const fromEnvironment = environmentPair(environment);
  if (fromEnvironment) {
    return {
      keys: fromEnvironment,
      source: 'environment',
      tokenStore: ownTokenFile(environment, fromEnvironment),
    };
  }
  const saved = pairIn(readJsonFile(path));
  if (saved) return { keys: saved, source: 'credentials file', tokenStore: fileStore(path, saved.appId) };
  const vendors = vendorPair();
  if (vendors) {
    return { keys: vendors, source: 'vendor SDK file', tokenStore: ownTokenFile(environment, vendors) };
  }
  throw new CredentialsMissingError({
    msg: `No keys: neither CHANJING_APP_ID and CHANJING_SECRET_KEY are set, nor are there any in ${path}.`,
    remedy:
      'Run `chanjing-avatar login`. Keys of the cloud are at https://www.chanjing.cc/platform/api_keys.',
  });
};

/** What `credentials.json` holds, undefined when there is none. Throws CredentialsFileError. */
export const readCredentials = (environment: Environment = process.env): JsonObject | undefined =>
  readJsonFile(credentialsPath(environment));

const change = (environment: Environment, edit: (content: JsonObject) => JsonObject): Promise<string> => {
  const path = credentialsPath(environment);
  return withLockFile(`${path}.lock`, async () => {
    await writeJsonFile(path, edit(readOrEmpty(path)));
    return path;
  });
};

/** A broken file is replaced: saving keys is how its owner mends it. */
const readOrEmpty = (path: string): JsonObject => {
  try {
    return readJsonFile(path) ?? {};
  } catch {
    return {};
  }
};

const withoutToken = ({ access_token: _, expire_in: __, ...rest }: JsonObject): JsonObject => rest;

/**
 * Saves a key pair (file 0600, directory 0700) and returns the file's path. Unknown keys of the file are kept; a token
 * of other keys is dropped.
 */
export const saveCredentials = (keys: KeyPair, environment: Environment = process.env): Promise<string> =>
  change(environment, (content) => {
    const isSame = content.app_id === keys.appId && content.secret_key === keys.secretKey;
    return { ...(isSame ? content : withoutToken(content)), app_id: keys.appId, secret_key: keys.secretKey };
  });

/** Removes the key pair and its token; unknown keys of the file stay. */
export const removeCredentials = (environment: Environment = process.env): Promise<string> =>
  change(environment, (content) => {
    const { app_id: _, secret_key: __, ...rest } = withoutToken(content);
    return rest;
  });
