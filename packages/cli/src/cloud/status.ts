import {
  baseUrlOf,
  CredentialsMissingError,
  credentialsPath,
  findCredentials,
} from '@chanjing-avatar/client/node';
import type { Command } from '../command/command.js';
import { EXIT } from '../command/io.js';
import { table } from '../command/table.js';
import { connect } from './connect.js';

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
  options: {},
  run: async (_given, io) => {
    io.out(await connect(io).token());
    return EXIT.ok;
  },
};
