import type { KeyPair, StoredToken, TokenStore } from '@chanjing-avatar/client';
import { createClient } from '@chanjing-avatar/client';
import { baseUrlOf, removeCredentials, saveCredentials } from '@chanjing-avatar/client/node';
import type { Command } from '../command/command.js';
import type { Io } from '../command/io.js';
import { EXIT } from '../command/io.js';
import { UsageError } from '../command/usage-error.js';
import { ask, readInput } from './ask.js';
import { KEYS_PAGE, LOGIN_PAGE, openPage } from './open-page.js';

const incomplete = (): UsageError =>
  new UsageError({
    en: 'Expected two lines on standard input, app id and secret key, or JSON {"app_id", "secret_key"}.',
    zh: '标准输入应为两行(App ID 与 Secret Key),或 JSON {"app_id", "secret_key"}。',
  });

/** Two lines, or the JSON of a credentials file. Throws UsageError. */
export const parseKeys = (text: string): KeyPair => {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) {
    let value: Record<string, unknown>;
    try {
      value = JSON.parse(trimmed);
    } catch {
      throw incomplete();
    }
    const [appId, secretKey] = [value.app_id, value.secret_key].map((key) =>
      typeof key === 'string' ? key.trim() : '',
    );
    if (appId && secretKey) return { appId, secretKey };
    throw incomplete();
  }
  const [appId, secretKey, ...rest] = trimmed.split(/\s+/);
  if (!appId || !secretKey || rest.length > 0) throw incomplete();
  return { appId, secretKey };
};

/** Asks for keys on the terminal. Throws UsageError. */
export const askForKeys = async (io: Io): Promise<KeyPair> => {
  io.note({
    en: `Keys of the cloud: ${KEYS_PAGE}. Keys of your own server: chanjing-avatar apps create.`,
    zh: `云端密钥: ${KEYS_PAGE}。自建服务器密钥: chanjing-avatar apps create。`,
  });
  const appId = await ask('App ID: ', { hidden: false, signal: io.signal });
  const secretKey = appId && (await ask('Secret Key: ', { hidden: true, signal: io.signal }));
  if (!appId || !secretKey)
    throw new UsageError({ en: 'Both keys are needed.', zh: 'App ID 与 Secret Key 都要填写。' });
  return { appId, secretKey };
};

const keysFrom = async (io: Io): Promise<KeyPair> => {
  const { CHANJING_APP_ID, CHANJING_SECRET_KEY } = io.environment;
  const [appId, secretKey] = [CHANJING_APP_ID?.trim(), CHANJING_SECRET_KEY?.trim()];
  if (appId && secretKey) return { appId, secretKey };
  return io.isTerminal.stdin ? askForKeys(io) : parseKeys(await readInput());
};

/** A token that proves the keys. It is worth keeping: it ended the one before. */
const newToken = async (baseUrl: string, credentials: KeyPair): Promise<StoredToken | undefined> => {
  let issued: StoredToken | undefined;
  const tokenStore: TokenStore = {
    read: async () => undefined,
    write: async (token) => {
      issued = token;
    },
    exclusively: (work) => work(),
  };
  await createClient({ baseUrl, credentials, tokenStore }).token();
  return issued;
};

export const login: Command = {
  options: {
    open: { about: { en: 'open the login page in a browser first', zh: '先在浏览器打开登录页' } },
    'no-check': { about: { en: 'save without trying them at the server', zh: '不向服务器验证,直接保存' } },
  },
  run: async ({ switches }, io) => {
    if (switches.has('open') && !(await openPage(LOGIN_PAGE))) io.note(LOGIN_PAGE);
    const credentials = await keysFrom(io);
    const baseUrl = baseUrlOf(io.environment);
    const token = switches.has('no-check') ? undefined : await newToken(baseUrl, credentials);
    const path = await saveCredentials(credentials, io.environment, token);
    io.note({ en: `Saved for ${baseUrl}:`, zh: `已保存(${baseUrl}):` });
    io.out(path);
    return EXIT.ok;
  },
};

export const logout: Command = {
  options: {},
  run: async (_given, io) => {
    io.out(await removeCredentials(io.environment));
    return EXIT.ok;
  },
};
