import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type AppCommands,
  type AppSecrets,
  type Quotas,
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
type Action = (given: Given, io: Io, settings: Settings) => Visit;

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

/** "none" takes a quota away, nothing leaves it as it is. Throws UsageError. */
const quotaIn = <Value>(
  { options }: Given,
  name: string,
  expected: string,
  read: (text: string) => Value | undefined,
): Value | null | undefined => {
  const text = options[name];
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const value = read(text);
  if (value !== undefined) return value;
  throw new UsageError({
    en: `--${name} is "${text}", but must be ${expected}, or none.`,
    zh: `--${name} 为 "${text}",应为 ${expected},或 none。`,
  });
};

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

const readBytes = (text: string): number | undefined => {
  const [, number, unit] = /^(\d{1,12})([kMGT]?)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit!]!;
};

const readMinutes = (text: string): number | undefined =>
  /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : undefined;

const readPixels = (text: string): number | undefined => {
  const [, width, height] = /^(\d{2,4})x(\d{2,4})$/.exec(text) ?? [];
  return width === undefined ? undefined : Number(width) * Number(height);
};

const setQuotas: Action = (given, io) => {
  const id = operand(given, 'app_id');
  const storageBytes = quotaIn(given, 'storage', 'bytes like 500M or 20G', readBytes);
  const renderMinutesADay = quotaIn(given, 'render-minutes', 'minutes a day like 120', readMinutes);
  const pixels = quotaIn(given, 'max-size', 'a size like 1080x1920', readPixels);
  const wanted = {
    ...(storageBytes === undefined ? {} : { storageBytes }),
    ...(renderMinutesADay === undefined ? {} : { renderMinutesADay }),
    ...(pixels === undefined ? {} : { pixels }),
  };
  return async (apps) => show([{ app_id: id, ...quotaColumns(await apps.setQuotas(id, wanted)) }], given, io);
};

const quotaColumns = ({ storageBytes, renderMinutesADay, pixels }: Quotas): object => ({
  storage_bytes: storageBytes,
  render_minutes_a_day: renderMinutesADay,
  max_pixels: pixels,
});

const ACTIONS: Readonly<Record<string, Action>> = {
  create: (given, io) => {
    const name = operand(given, 'name');
    return async (apps) => showSecrets(await apps.create(name), given, io);
  },
  list: (given, io) => async (apps) => {
    const rows = (await apps.list()).map(({ id, name, createdAt, disabledAt, quotas }) => ({
      app_id: id,
      name,
      created: createdAt.toISOString(),
      disabled: disabledAt?.toISOString() ?? null,
      ...quotaColumns(quotas),
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
  enable: (given, io) => {
    const id = operand(given, 'app_id');
    return async (apps) => {
      await apps.enable(id);
      io.note({ en: `App ${id} may have tokens again.`, zh: `应用 ${id} 可以重新获取 Token。` });
    };
  },
  'rotate-callback': (given, io) => {
    const id = operand(given, 'app_id');
    return async (apps) => {
      const { name, callbackSecret } = await apps.rotateCallback(id);
      const row = { app_id: id, name, callback_secret: callbackSecret };
      if (wantsJson(given, io)) io.out(JSON.stringify(row));
      else for (const line of table(Object.entries(row))) io.out(line);
    };
  },
  'rotate-urls': (_given, io) => async (apps) => {
    await apps.rotateUrls();
    io.note({
      en: 'Every URL of an upload or a result that was given out has ended; ask for new ones.',
      zh: '此前给出的上传与结果 URL 均已失效,请重新获取。',
    });
  },
  'sign-in': (given, io, { publicUrl, host, port }) => {
    const id = operand(given, 'app_id');
    const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
    const serverUrl = publicUrl || `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
    return async (apps) => {
      await requireApp(apps, id);
      io.out(await apps.signInLink(id, serverUrl));
      io.note({
        en: 'Whoever opens this link in a browser is signed in to the console. It works once, within 15 minutes.',
        zh: '在浏览器中打开此链接即可登录控制台。仅可使用一次,15 分钟内有效。',
      });
    };
  },
  quota: setQuotas,
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
  words: [
    '<create|list|rotate|rotate-callback|disable|enable|quota|deliveries|sign-in|rotate-urls>',
    '[name or app_id]',
  ],
  options: {
    'data-dir': {
      value: 'DIR',
      about: { en: 'data directory of the server (DATA_DIR)', zh: '服务器数据目录(DATA_DIR)' },
    },
    'database-url': {
      value: 'URL',
      about: { en: 'its PostgreSQL (DATABASE_URL)', zh: '其 PostgreSQL(DATABASE_URL)' },
    },
    storage: {
      value: 'BYTES',
      about: { en: 'quota: bytes kept, like 20G, or none', zh: '配额: 存储字节数,如 20G,或 none' },
    },
    'render-minutes': {
      value: 'N',
      about: { en: 'quota: minutes of video a day, or none', zh: '配额: 每天生成的视频分钟数,或 none' },
    },
    'max-size': {
      value: 'WxH',
      about: {
        en: 'quota: largest picture, like 1080x1920, or none',
        zh: '配额: 最大画面,如 1080x1920,或 none',
      },
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
    const visit = action(given, io, settings);
    if (name !== 'create') requireServerData(settings);
    await withApps(settings, visit);
    return EXIT.ok;
  },
};
