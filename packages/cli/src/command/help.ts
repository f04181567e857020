import type { Command, Option } from './command.js';
import { commands, type Place } from './commands.js';
import type { Bilingual, Locale } from './locale.js';
import { table } from './table.js';

const PLACES: Readonly<Record<Place, Bilingual>> = {
  'this machine': { en: 'On this machine', zh: '本机' },
  'a server': {
    en: 'Servers, your own and the cloud (CHANJING_OPENAPI_BASE_URL)',
    zh: '服务器,自建或云端(CHANJING_OPENAPI_BASE_URL)',
  },
  tools: { en: 'Agents and tools', zh: '智能体与工具' },
};

const HEAD: Bilingual = {
  en: `Make a person in a video say something new, on your own machine.

Usage:
  chanjing-avatar lipsync --video V (--text T | --audio A) -o OUT.mp4 [options]
  chanjing-avatar <command> --help`,
  zh: `让视频中的人说出新的内容,在自己的机器上。

用法 Usage:
  chanjing-avatar lipsync --video V (--text T | --audio A) -o OUT.mp4 [选项]
  chanjing-avatar <命令> --help`,
};

const FOOT: Bilingual = {
  en: `The result is printed on stdout. Exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted;
with servers also 4 no keys or refused ones, 8 not done yet.`,
  zh: `结果输出在标准输出。退出码: 0 完成,1 失败,2 用法错误,130 中断;
使用服务器时另有 4 没有密钥或密钥被拒,8 尚未完成。`,
};

const indented = (rows: readonly (readonly string[])[]): string[] => table(rows).map((line) => `  ${line}`);

/** What `chanjing-avatar --help` prints. */
export const mainHelp = (locale: Locale): string => {
  const all = Object.entries(commands);
  const sections = Object.entries(PLACES).map(([place, title]) => {
    const rows = all.filter(([, entry]) => entry.place === place);
    return [title[locale], ...indented(rows.map(([name, { about }]) => [name, about[locale]]))].join('\n');
  });
  return [HEAD[locale], ...sections, FOOT[locale]].join('\n\n');
};

const optionRow = (name: string, { value, short }: Option): string =>
  `${short ? `-${short}, ` : '    '}--${name}${value ? ` <${value}>` : ''}`;

/** The help page of a command. */
export const helpOf = (name: string, command: Command, locale: Locale): string => {
  const rows = Object.entries(command.options).map(([key, option]) => [
    optionRow(key, option),
    option.about[locale],
  ]);
  const words = command.words ? ` ${command.words.join(' ')}` : '';
  const usage = `chanjing-avatar ${name}${words}${rows.length > 0 ? ' [options]' : ''}`;
  const parts = [
    commands[name]!.about[locale],
    `  ${usage}`,
    indented(rows).join('\n'),
    command.notes?.[locale],
  ];
  return parts.filter(Boolean).join('\n\n');
};
