import type { StoredToken } from '@chanjing-avatar/client';
import { CLOUD_URL } from '@chanjing-avatar/client';
import type { FoundCredentials } from '@chanjing-avatar/client/node';
import {
  baseUrlOf,
  CredentialsMissingError,
  credentialsPath,
  findCredentials,
  readCredentials,
  saveCredentials,
} from '@chanjing-avatar/client/node';
import { readInput } from '../cloud/ask.js';
import { connect } from '../cloud/connect.js';
import { askForKeys, parseKeys } from '../cloud/login.js';
import { KEYS_PAGE, LOGIN_PAGE, openPage } from '../cloud/open-page.js';
import type { Io } from '../command/io.js';
import { EXIT } from '../command/io.js';
import { tokenRefusal } from './explain.js';
import type { Script } from './script.js';
import { numberIn, ScriptFailure, textIn } from './script.js';

/** Local time, as Python's `strftime` gives it. */
const timeText = (seconds: number): string => {
  const time = new Date(seconds * 1000);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
};

const tokenLine = (token: StoredToken | undefined, isKept: boolean): string => {
  if (!token && !isKept) return 'Token: 未获取，下次调用 API 时将自动申请';
  return token && token.expire_in > Date.now() / 1000 + 300
    ? `Token: 有效 (过期时间: ${timeText(token.expire_in)} )`
    : 'Token: 已过期或即将过期，下次调用 API 时将自动刷新';
};

const howToConfigure = (title: string): string[] => [
  '',
  title,
  '  python skills/chanjing-credentials-guard/scripts/chanjing_config.py --ak <你的app_id> --sk <你的secret_key>',
  '',
  `获取秘钥: ${LOGIN_PAGE}`,
];

const foundCredentials = (environment: NodeJS.ProcessEnv): FoundCredentials | undefined => {
  try {
    return findCredentials(environment);
  } catch (error) {
    if (error instanceof CredentialsMissingError) return undefined;
    throw error;
  }
};

const keyIn = (content: Readonly<Record<string, unknown>> | undefined, key: string): boolean =>
  typeof content?.[key] === 'string' && content[key].trim() !== '';

/** The status lines of the vendor's script; a server that is not the cloud is named on standard error. */
const printStatus = async (io: Io): Promise<number> => {
  const path = credentialsPath(io.environment);
  const content = readCredentials(io.environment);
  const found = foundCredentials(io.environment);
  const has = (key: string): string => (found || keyIn(content, key) ? '已配置' : '未配置');
  const lines =
    content || found
      ? [`配置路径: ${path}`, `AK (app_id): ${has('app_id')}`, `SK (secret_key): ${has('secret_key')}`]
      : ['状态: 未配置'];
  const isKept = keyIn(content, 'access_token') && content?.expire_in != null;
  const rest = found
    ? [tokenLine(await found.tokenStore.read(), isKept)]
    : howToConfigure(content ? '请完成 AK/SK 配置：' : '请先设置 AK/SK：');
  for (const line of [...lines, ...rest]) io.out(line);
  const baseUrl = baseUrlOf(io.environment);
  if (baseUrl !== CLOUD_URL)
    io.note(`API 地址: ${baseUrl} (自建服务器,密钥由 chanjing-avatar apps create 创建)`);
  return found ? EXIT.ok : EXIT.failure;
};

export const config: Script = {
  about: '保存或查看密钥;不带参数时显示状态。',
  options: {
    ak: { type: 'text', help: 'App ID' },
    sk: { type: 'text', help: 'Secret Key' },
    status: { type: 'switch', short: '-s', help: '查看配置状态' },
    stdin: { type: 'switch', ours: true, help: '从标准输入读取两行或 JSON,密钥不进入命令历史' },
  },
  run: async (given, io) => {
    if (given.status) return printStatus(io);
    if (given.stdin) {
      const keys = io.isTerminal.stdin ? await askForKeys(io) : parseKeys(await readInput());
      io.out(await saveCredentials(keys, io.environment));
      return EXIT.ok;
    }
    if (!given.ak && !given.sk) return printStatus(io);
    const [appId, secretKey] = [textIn(given, 'ak').trim(), textIn(given, 'sk').trim()];
    if (!appId || !secretKey) throw new ScriptFailure('错误: 必须同时提供 --ak 和 --sk');
    io.out(await saveCredentials({ appId, secretKey }, io.environment));
    return EXIT.ok;
  },
};

export const getToken: Script = {
  about: '输出可用的 access_token。',
  options: undefined,
  run: async (_given, io) => {
    io.out(
      await connect(io)
        .token()
        .catch((error) => {
          throw tokenRefusal(error);
        }),
    );
    return EXIT.ok;
  },
};

export const openLoginPage: Script = {
  about: '打开登录页,并说明如何获取密钥。',
  options: undefined,
  run: async (_given, io) => {
    const baseUrl = baseUrlOf(io.environment);
    if (baseUrl !== CLOUD_URL) {
      io.out(`当前使用自建服务器 ${baseUrl},无需登录页。`);
      io.out('密钥由服务器管理员创建: chanjing-avatar apps create <名称>');
      return EXIT.ok;
    }
    const opened = await openPage(LOGIN_PAGE);
    io.out(opened ? `已在浏览器打开: ${LOGIN_PAGE}` : `无法打开浏览器,请手动访问: ${LOGIN_PAGE}`);
    io.out(
      `登录后在 ${KEYS_PAGE} 获取 App ID 与 Secret Key,然后运行 chanjing_config.py 保存;勿在对话中发送密钥。`,
    );
    return EXIT.ok;
  },
};

const ID_WIDTH = 36;
const LINE_WIDTH = 60;

export const listVoices: Script = {
  about: '列出声音。',
  options: {
    page: { type: 'int', default: 1, help: '页码' },
    size: { type: 'int', default: 100, help: '每页数量' },
    json: { type: 'switch', help: '输出完整 JSON' },
  },
  run: async (given, io) => {
    const query = { page: numberIn(given, 'page'), size: numberIn(given, 'size') };
    const data = await connect(io).voices.list(query, { signal: io.signal }).page();
    if (given.json) {
      io.out(JSON.stringify(data, undefined, 2));
      return EXIT.ok;
    }
    const { list = [], page_info } = data;
    io.out(`# 共 ${page_info?.total_count ?? list.length} 个声音 (page=${query.page})`);
    io.out(`${'id'.padEnd(ID_WIDTH)}  name`);
    io.out('-'.repeat(LINE_WIDTH));
    for (const { id = '', name = '' } of list) io.out(`${id.padEnd(ID_WIDTH)}  ${name}`);
    return EXIT.ok;
  },
};
