import { type AppCommands, type AppSecrets, readSettings, withApps } from '@chanjing-avatar/server';
import type { Command, Given } from '../cloud/command.js';
import { numberIn } from '../cloud/command.js';
import type { Io } from '../cloud/io.js';
import { EXIT } from '../cloud/io.js';
import { table } from '../cloud/table.js';
import { UsageError } from '../cloud/usage-error.js';

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

type Action = (apps: AppCommands, given: Given, io: Io) => Promise<void>;

const ACTIONS: Readonly<Record<string, Action>> = {
  create: async (apps, given, io) => showSecrets(await apps.create(operand(given, 'name')), given, io),
  list: async (apps, given, io) => {
    const rows = (await apps.list()).map(({ id, name, createdAt, disabledAt }) => ({
      app_id: id,
      name,
      created: createdAt.toISOString(),
      disabled: disabledAt?.toISOString() ?? null,
    }));
    show(rows, given, io);
  },
  rotate: async (apps, given, io) => showSecrets(await apps.rotate(operand(given, 'app_id')), given, io),
  disable: async (apps, given) => apps.disable(operand(given, 'app_id')),
  deliveries: async (apps, given, io) => {
    const [, appId] = given.words;
    const { task: taskId } = given.options;
    const limit = numberIn(given, 'limit');
    const filter = {
      ...(appId ? { appId } : {}),
      ...(taskId ? { taskId } : {}),
      ...(limit ? { limit } : {}),
    };
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
  },
};

export const apps: Command = {
  summary: {
    en: 'Manage the apps of the server on this machine: create, list, rotate, disable, and their callback deliveries.',
    zh: '管理本机服务器的应用: create、list、rotate、disable,以及回调记录 deliveries。',
  },
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
    limit: { value: 'N', about: { en: 'number of deliveries (50)', zh: '回调记录条数(50)' } },
    json: { about: { en: 'JSON (always when not on a terminal)', zh: 'JSON(非终端时总是)' } },
  },
  run: async (given, io) => {
    const name = given.words[0]!;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new UsageError({ en: `There is no action "${name}".`, zh: `没有操作 "${name}"。` });
    const { 'data-dir': dataDir, 'database-url': databaseUrl } = given.options;
    const { settings } = readSettings({ 'data-dir': dataDir, 'database-url': databaseUrl }, io.environment);
    await withApps(settings, (commands) => action(commands, given, io));
    return EXIT.ok;
  },
};
