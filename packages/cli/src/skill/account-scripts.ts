import { CLOUD_URL } from '@chanjing-avatar/client';
import { baseUrlOf, saveCredentials } from '@chanjing-avatar/client/node';
import { readInput } from '../cloud/ask.js';
import { connect } from '../cloud/connect.js';
import { EXIT } from '../cloud/io.js';
import { askForKeys, parseKeys } from '../cloud/login.js';
import { KEYS_PAGE, LOGIN_PAGE, openPage } from '../cloud/open-page.js';
import { statusOf } from '../cloud/status.js';
import { table } from '../cloud/table.js';
import type { Script } from './script.js';
import { numberIn, ScriptFailure, ScriptUsageError, textIn } from './script.js';

const statusLines = async (environment: NodeJS.ProcessEnv): Promise<string[]> => {
  const { base_url, credentials, source, app_id, token_expires } = await statusOf(environment);
  const isValid = token_expires !== null && Date.parse(token_expires) > Date.now() + 300_000;
  return [
    `凭据文件: ${credentials}`,
    `API 地址: ${base_url}`,
    `AK/SK: ${app_id ? `已配置 (${app_id}, ${source})` : '未配置'}`,
    `Token: ${token_expires ? `${isValid ? '有效' : '已过期'} (至 ${token_expires})` : '无'}`,
  ];
};

export const config: Script = {
  usage: `chanjing_config.py --ak APP_ID --sk SECRET_KEY
  chanjing_config.py --stdin      (从标准输入读取两行或 JSON,密钥不进入命令历史)
  chanjing_config.py --status`,
  options: { ak: 'text', sk: 'text', status: 'switch', stdin: 'switch' },
  run: async (given, io) => {
    if (given.status) {
      for (const line of await statusLines(io.environment)) io.out(line);
      return EXIT.ok;
    }
    if (given.stdin) {
      const keys = io.isTerminal.stdin ? await askForKeys(io) : parseKeys(await readInput());
      io.out(await saveCredentials(keys, io.environment));
      return EXIT.ok;
    }
    const [appId, secretKey] = [textIn(given, 'ak').trim(), textIn(given, 'sk').trim()];
    if (given.ak === undefined && given.sk === undefined)
      throw new ScriptUsageError('请给出 --ak 与 --sk,或 --status');
    if (!appId || !secretKey) throw new ScriptFailure('错误: 必须同时提供 --ak 和 --sk');
    io.out(await saveCredentials({ appId, secretKey }, io.environment));
    return EXIT.ok;
  },
};

export const getToken: Script = {
  usage: 'chanjing_get_token.py',
  options: {},
  run: async (_given, io) => {
    io.out(await connect(io).token());
    return EXIT.ok;
  },
};

export const openLoginPage: Script = {
  usage: 'open_login_page.py',
  options: {},
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

export const listVoices: Script = {
  usage: 'list_voices.py [--page 1] [--size 100] [--json]',
  options: { page: 'text', size: 'text', json: 'switch' },
  run: async (given, io) => {
    const query = { page: numberIn(given, 'page', 1), size: numberIn(given, 'size', 100) };
    const data = await connect(io).voices.list(query, { signal: io.signal }).page();
    if (given.json) io.out(JSON.stringify(data));
    else
      for (const line of table([['id', 'name'], ...data.list.map(({ id, name }) => [id, name])]))
        io.out(line);
    return EXIT.ok;
  },
};
