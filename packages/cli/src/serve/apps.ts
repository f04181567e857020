import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type AppCommands,
  type AppSecrets,
  readSettings,
  type Settings,
  withApps,
} from '@chanjing-avatar/server';
import { BilingualError } from '../command/bilingual-error.js';
import type { Command, Given } from '../command/command.js';
import { numberIn } from '../command/command.js';
import type { Io } from '../command/io.js';
import { EXIT } from '../command/io.js';
import { table } from '../command/table.js';
import { UsageError } from '../command/usage-error.js';

const wantsJson = ({ switches }: Given, io: Io): boolean => switches.has('json') || !io.isTerminal.stdout;

const show = (rows: readonly object[], given: Given, io: Io): void => {
  if (wantsJson(given, io)) {
    io.out(JSON.stringify(rows));
    return;
  }
  if (rows.length === 0) return;
  const names = Object.keys(rows[0]!);
  const cells = rows.map((row) => Object.values(row).map((value) => String(value ?? '-')));
  for (const line of table([names, ...cells])) io.out(line);
};

const showSecrets = ({ id, name, secretKey, callbackSecret }: AppSecrets, given: Given, io: Io): void => {
  const secrets = { app_id: id, name, secret_key: secretKey, callback_secret: callbackSecret };
  if (wantsJson(given, io)) io.out(JSON.stringify(secrets));
  else for (const line of table(Object.entries(secrets))) io.out(line);
};

const operand = ({ words: [action, value] }: Given, what: string): string => {
  if (value) return value;
  const text = `apps ${action} <${what}>`;
  throw new UsageError({ en: `Expected: ${text}`, zh: `应为: ${text}` });
};

type Visit = (apps: AppCommands) => Promise<void>;

/** Reads the arguments, before anything is opened; what it returns does the work. */
type Action = (given: Given, io: Io) => Visit;

const requireApp = async (apps: AppCommands, id: string): Promise<void> => {
  if ((await apps.list()).some((app) => app.id === id)) return;
  throw new BilingualError({
    en: `There is no app ${id}. Expected the id of an app. See the ids with: chanjing-avatar apps list.`,
    zh: `没有应用 ${id},应为应用的 id。查看: chanjing-avatar apps list。`,
  });
};

const deliveries: Action = (given, io) => {
  const [, appId] = given.words;
  const { task: taskId } = given.options;
  const limit = numberIn(given, 'limit');
  const filter = {
    ...(appId ? { appId } : {}),
    ...(taskId ? { taskId } : {}),
    ...(limit ? { limit } : {}),
  };
  return async (apps) => {
    if (appId) await requireApp(apps, appId);
    const records = await apps.deliveries(filter);
    if (wantsJson(given, io)) {
      io.out(JSON.stringify(records));
      return;
    }
    const rows = records.map(({ id, taskId: task, status, url, tries }) => {
      const last = tries.at(-1);
      return { id, task, status, tries: tries.length, last: last ? last.httpStatus || last.error : '-', url };
    });
    show(rows, given, io);
  };
};

const ACTIONS: Readonly<Record<string, Action>> = {
  create: (given, io) => {
    const name = operand(given, 'name');
    return async (apps) => showSecrets(await apps.create(name), given, io);
  },
  list: (given, io) => async (apps) => {
    const rows = (await apps.list()).map(({ id, name, createdAt, disabledAt }) => ({
      app_id: id,
      name,
      created: createdAt.toISOString(),
      disabled: disabledAt?.toISOString() ?? null,
    }));
    show(rows, given, io);
  },
  rotate: (given, io) => {
    const id = operand(given, 'app_id');
    return async (apps) => showSecrets(await apps.rotate(id), given, io);
  },
  disable: (given, io) => {
    const id = operand(given, 'app_id');
    return async (apps) => {
      await apps.disable(id);
      io.note({
        en: `App ${id} is disabled: its token ended and it gets no other.`,
        zh: `应用 ${id} 已停用: 其 Token 已失效,且不再发放。`,
      });
    };
  },
  deliveries,
};

/** Looking must not make a server's data where there are none. Throws BilingualError. */
const requireServerData = ({ databaseUrl, dataDir }: Pick<Settings, 'databaseUrl' | 'dataDir'>): void => {
  if (databaseUrl || existsSync(join(dataDir, 'postgres'))) return;
  const place = resolve(dataDir);
  throw new BilingualError({
    en: `There is no server data in ${place}. Expected the data directory of a server. Name it with --data-dir, or its PostgreSQL with --database-url.`,
    zh: `${place} 中没有服务器数据,应为服务器的数据目录。请用 --data-dir 指定,或用 --database-url 指定其 PostgreSQL。`,
  });
};

export const apps: Command = {
  words: ['<create|list|rotate|disable|deliveries>', '[name or app_id]'],
  options: {
    'data-dir': {
      value: 'DIR',
      about: { en: 'data directory of the server (DATA_DIR)', zh: '服务器数据目录(DATA_DIR)' },
    },
    'database-url': {
      value: 'URL',
      about: { en: 'its PostgreSQL (DATABASE_URL)', zh: '其 PostgreSQL(DATABASE_URL)' },
    },
    task: { value: 'ID', about: { en: 'deliveries of this task', zh: '此任务的回调记录' } },
    limit: {
      value: 'N',
      allowed: { numbers: {} },
      about: { en: 'number of deliveries (50)', zh: '回调记录条数(50)' },
    },
    json: { about: { en: 'JSON (always when not on a terminal)', zh: 'JSON(非终端时总是)' } },
  },
  run: async (given, io) => {
    const name = given.words[0]!;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new UsageError({ en: `There is no action "${name}".`, zh: `没有操作 "${name}"。` });
    const { 'data-dir': dataDir, 'database-url': databaseUrl } = given.options;
    const { settings } = readSettings({ 'data-dir': dataDir, 'database-url': databaseUrl }, io.environment);
    const visit = action(given, io);
    if (name !== 'create') requireServerData(settings);
    await withApps(settings, visit);
    return EXIT.ok;
  },
};
