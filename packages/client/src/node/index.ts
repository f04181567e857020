import type { Client, ClientOptions } from '../client.js';
import { createClient as createAnyClient } from '../client.js';
import { findCredentials } from './credentials.js';
import type { Environment } from './environment.js';
import { baseUrlOf } from './environment.js';
import { openPath } from './files.js';

export type { CredentialsSource, FoundCredentials } from './credentials.js';
export {
  credentialsPath,
  findCredentials,
  readCredentials,
  removeCredentials,
  saveCredentials,
} from './credentials.js';
export { CredentialsFileError } from './credentials-file-error.js';
export { CredentialsMissingError } from './credentials-missing-error.js';
export type { Environment } from './environment.js';
export { baseUrlOf, credentialsDirectory } from './environment.js';
export { openPath, saveTo } from './files.js';
export { SourceFileError } from './source-file-error.js';

export type NodeClientOptions = ClientOptions & {
  /** Where base URL and keys are looked for when they are not given. Default `process.env`. */
  environment?: Environment | undefined;
};

/**
 * A client configured like the command line: base URL and keys from the environment or the credentials file, the token
 * shared with all other processes, paths as upload sources. Throws CredentialsMissingError, CredentialsFileError, and
 * TypeError for a base URL that is none.
 */
export const createClient = ({ environment = process.env, ...options }: NodeClientOptions = {}): Client => {
  const baseUrl = options.baseUrl ?? baseUrlOf(environment);
  if (!/^https?:\/\/[^/]/i.test(baseUrl))
    throw new TypeError(`The base URL is ${baseUrl || 'empty'}. Expected one like http://127.0.0.1:8080.`);
  const common = { openPath, ...options, baseUrl };
  if (options.credentials || options.accessToken) return createAnyClient(common);
  const { keys, tokenStore } = findCredentials(environment);
  return createAnyClient({ ...common, credentials: keys, tokenStore });
};
