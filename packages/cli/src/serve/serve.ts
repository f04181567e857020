import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readCredentials, saveCredentials } from '@chanjing-avatar/client/node';
import {
  type AppSecrets,
  type RunningServer,
  readSettings,
  SETTING_DEFINITIONS,
  settingsTable,
  serve as startServer,
} from '@chanjing-avatar/server';
import type { Command, Option } from '../command/command.js';
import type { Io } from '../command/io.js';
import { EXIT } from '../command/io.js';
import { voicesDirectory } from '../local/voices-directory.js';

const flagOptions: Record<string, Option> = Object.fromEntries(
  Object.values(SETTING_DEFINITIONS).map(({ flag, env, about }) => {
    const text = `${about} (${env})`;
    return [flag, { value: 'VALUE', about: { en: text, zh: text } }];
  }),
);

/** Saves the keys of the first app for the commands on this machine, unless there are keys of something else. */
const saveFirstApp = async ({ id, secretKey }: AppSecrets, io: Io): Promise<void> => {
  if (readCredentials(io.environment)?.app_id) {
    io.note({
      en: 'The credentials file holds other keys and was left alone; set CHANJING_OPENAPI_CREDENTIALS_DIR to another directory.',
      zh: '凭据文件中已有其他密钥,未改动;可把 CHANJING_OPENAPI_CREDENTIALS_DIR 设为另一目录。',
    });
    return;
  }
  io.note(await saveCredentials({ appId: id, secretKey }, io.environment));
};

/** Where nobody looks at a terminal, what is printed ends up in a journal that others may read. */
const writeSecrets = (app: AppSecrets, dataDir: string, io: Io): void => {
  const file = resolve(dataDir, 'first-app.json');
  const secrets = { app_id: app.id, secret_key: app.secretKey, callback_secret: app.callbackSecret };
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  io.note({
    en: `The first app was made (app_id ${app.id}). Its secrets are in ${file}; delete it once you have them.`,
    zh: `已创建第一个应用(app_id ${app.id})。其密钥在 ${file} 中,取用后请删除。`,
  });
};

const showSecrets = (app: AppSecrets, io: Io): void => {
  io.note({
    en: 'The first app was made. Its secrets are shown this once:',
    zh: '已创建第一个应用,其密钥只显示这一次:',
  });
  io.note(
    `  app_id           ${app.id}\n  secret_key       ${app.secretKey}\n  callback_secret  ${app.callbackSecret}`,
  );
};

const introduce = async (app: AppSecrets, dataDir: string, save: boolean, io: Io): Promise<void> => {
  if (io.isTerminal.stderr) showSecrets(app, io);
  else writeSecrets(app, dataDir, io);
  if (save) await saveFirstApp(app, io);
  else io.note({ en: 'Save them with: chanjing-avatar login', zh: '用 chanjing-avatar login 保存。' });
};

/** The link signs in whoever has it: it is shown where somebody watches, and written nowhere. */
const introduceConsole = async ({ url, signInLink }: RunningServer, io: Io): Promise<void> => {
  const link = io.isTerminal.stderr ? await signInLink() : undefined;
  if (link)
    io.note({
      en: `Console (signs in once, within 15 minutes): ${link}`,
      zh: `控制台(一次性登录,15 分钟内有效): ${link}`,
    });
  else
    io.note({
      en: `Console: ${url}/ (sign in with app_id and secret_key, or a link of: chanjing-avatar apps sign-in <app_id>)`,
      zh: `控制台: ${url}/ (用 app_id 与 secret_key 登录,或用 chanjing-avatar apps sign-in <app_id> 生成的链接)`,
    });
};

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

export const serve: Command = {
  options: {
    ...flagOptions,
    // Reads nicer as a switch than with a value.
    'trust-proxy': { about: flagOptions['trust-proxy']!.about },
    'save-credentials': {
      about: {
        en: 'save the keys of the first app for the commands on this machine',
        zh: '为本机命令保存第一个应用的密钥',
      },
    },
  },
  // Its own time to stop.
  graceMs: Number.POSITIVE_INFINITY,
  run: async ({ options, switches }, io) => {
    const flags = switches.has('trust-proxy') ? { ...options, 'trust-proxy': 'true' } : options;
    const read = readSettings(flags, {
      ...io.environment,
      VOICES_DIR: voicesDirectory(io.environment),
    });
    io.note(settingsTable(read));
    const server = await startServer({ settings: read.settings });
    try {
      if (server.firstApp)
        await introduce(server.firstApp, read.settings.dataDir, switches.has('save-credentials'), io);
      if (read.settings.role !== 'worker') {
        await introduceConsole(server, io);
        io.note(`export CHANJING_OPENAPI_BASE_URL=${server.url}`);
      }
      io.out(server.url);
      await stopped(io.signal);
      io.note({ en: 'Stopping …', zh: '正在停止…' });
    } finally {
      await server.stop();
    }
    return EXIT.ok;
  },
};
