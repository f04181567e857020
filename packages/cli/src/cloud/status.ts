import {
  baseUrlOf,
  CredentialsMissingError,
  credentialsPath,
  findCredentials,
} from '@chanjing-avatar/client/node';
import type { Command } from './command.js';
import { connect } from './connect.js';
import { EXIT } from './io.js';
import { table } from './table.js';

/** Enough of an id to tell apps apart. */
export const masked = (id: string): string => (id.length > 8 ? `${id.slice(0, 4)}…${id.slice(-4)}` : '…');

type Status = {
  base_url: string;
  credentials: string;
  source: string | null;
  app_id: string | null;
  token_expires: string | null;
};

export const statusOf = async (environment: NodeJS.ProcessEnv): Promise<Status> => {
  const base = { base_url: baseUrlOf(environment), credentials: credentialsPath(environment) };
  try {
    const { keys, source, tokenStore } = findCredentials(environment);
    const token = await tokenStore.read();
    const token_expires = token ? new Date(token.expire_in * 1000).toISOString() : null;
    return { ...base, source, app_id: masked(keys.appId), token_expires };
  } catch (error) {
    if (!(error instanceof CredentialsMissingError)) throw error;
    return { ...base, source: null, app_id: null, token_expires: null };
  }
};

export const status: Command = {
  summary: {
    en: 'Show which server and keys are used; exits with 4 without keys.',
    zh: '显示所用服务器与密钥;没有密钥时以 4 退出。',
  },
  options: { json: { about: { en: 'JSON (always when not on a terminal)', zh: 'JSON(非终端时总是)' } } },
  run: async ({ switches }, io) => {
    const state = await statusOf(io.environment);
    if (switches.has('json') || !io.isTerminal.stdout) io.out(JSON.stringify(state));
    else
      for (const line of table(Object.entries(state).map(([name, value]) => [name, value ?? '-'])))
        io.out(line);
    return state.app_id ? EXIT.ok : EXIT.authentication;
  },
};

export const token: Command = {
  summary: { en: 'Print a usable access token.', zh: '输出可用的 access_token。' },
  options: {},
  run: async (_given, io) => {
    io.out(await connect(io).token());
    return EXIT.ok;
  },
};
