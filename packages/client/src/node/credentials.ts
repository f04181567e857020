import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { KeyPair, StoredToken, TokenStore } from '../token/token-source.js';
import { CredentialsFileError } from './credentials-file-error.js';
import { CredentialsMissingError } from './credentials-missing-error.js';
import type { Environment } from './environment.js';
import { baseUrlOf, credentialsDirectory } from './environment.js';
import { fileStore } from './file-store.js';
import type { JsonObject } from './json-file.js';
import { readJsonFile, readWholeJsonFile, textIn, writeJsonFile } from './json-file.js';
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
  const [appId, secretKey] = [textIn(content, 'app_id'), textIn(content, 'secret_key')];
  return appId && secretKey ? { appId, secretKey } : undefined;
};

const environmentPair = (environment: Environment): KeyPair | undefined =>
  pairIn({ app_id: environment.CHANJING_APP_ID, secret_key: environment.CHANJING_SECRET_KEY });

/** Another program's file: broken is as good as missing. */
const vendorPair = (): KeyPair | undefined =>
  pairIn(readWholeJsonFile(join(homedir(), '.chanjing', 'config.json')));

/** Tokens of pairs that are not in our credentials file go into files of their own beside it; a broken one is renewed. */
const ownTokenFile = (environment: Environment, { appId }: KeyPair): TokenStore => {
  const name = createHash('sha256')
    .update(`${baseUrlOf(environment)}\n${appId}`)
    .digest('hex')
    .slice(0, 32);
  return fileStore(
    join(credentialsDirectory(environment), 'tokens', `${name}.json`),
    appId,
    readWholeJsonFile,
  );
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

/** A broken file is replaced: saving keys is how its owner mends it. */
const change = async (
  environment: Environment,
  edit: (content: JsonObject) => JsonObject,
): Promise<string> => {
  const path = credentialsPath(environment);
  try {
    await withLockFile(`${path}.lock`, () => writeJsonFile(path, edit(readWholeJsonFile(path) ?? {})));
  } catch (error) {
    if (error instanceof CredentialsFileError) throw error;
    throw new CredentialsFileError({
      msg: `The credentials file ${path} cannot be written: ${(error as NodeJS.ErrnoException).code}.`,
      remedy: 'Make its directory writable, or set CHANJING_OPENAPI_CREDENTIALS_DIR to another one.',
      cause: error,
    });
  }
  return path;
};

const withoutToken = ({ access_token: _, expire_in: __, ...rest }: JsonObject): JsonObject => rest;

/**
 * Saves a key pair (file 0600, directory 0700), with its newest token where there is one, and returns the file's path.
 * Unknown keys of the file are kept; a token of other keys is dropped. Throws CredentialsFileError.
 */
export const saveCredentials = (
  keys: KeyPair,
  environment: Environment = process.env,
  token?: StoredToken,
): Promise<string> =>
  change(environment, (content) => {
    const isSame = content.app_id === keys.appId && content.secret_key === keys.secretKey;
    const kept = isSame ? content : withoutToken(content);
    return { ...kept, app_id: keys.appId, secret_key: keys.secretKey, ...token };
  });

/** Removes the key pair and its token; unknown keys of the file stay. */
export const removeCredentials = (environment: Environment = process.env): Promise<string> =>
  change(environment, (content) => {
    const { app_id: _, secret_key: __, ...rest } = withoutToken(content);
    return rest;
  });
